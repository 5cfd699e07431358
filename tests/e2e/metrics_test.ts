import assert from "node:assert/strict";
import { type Program, startProgram } from "../support/program.ts";
import { parsePrometheus, valueIn } from "../support/prometheus_text.ts";
import { newViewer } from "../support/test_server.ts";

const TOKEN = "a-token-of-twelve-or-more";

async function scrape({ origin }: Program): Promise<string> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  for (;;) {
    const response = await fetch(`${origin}/metrics`, { headers });
    const text = await response.text();
    // The server listens a moment before every metric exists.
    if (response.status !== 503) return text;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Watches until `enough` bytes have arrived. Returns their number. */
async function watch(url: string, headers: HeadersInit, enough: number): Promise<number> {
  const response = await fetch(url, { headers });
  let received = 0;
  for await (const chunk of response.body!) {
    received += chunk.length;
    if (received >= enough) break;
  }
  return received;
}

Deno.test("metrics match what happened, and counters only rise", async () => {
  const args = ["--source=test", "--resolution=320x240", `--admin-token=${TOKEN}`];
  await using program = await startProgram(args);
  const before = await scrape(program);
  const viewer = await newViewer({ get: (path) => fetch(program.origin + path) });
  const received = (await Promise.all([
    watch(`${program.origin}/stream`, viewer, 200_000),
    watch(`${program.origin}/stream?quality=low`, {}, 50_000),
  ])).reduce((sum, bytes) => sum + bytes);
  const after = await scrape(program);
  const value = (name: string, labels?: Record<string, string>) => valueIn(after, name, labels);

  assert(value("livestream_sent_bytes_total") >= received - 200);
  assert(value("livestream_frames_total") > valueIn(before, "livestream_frames_total"));
  assert(value("livestream_sent_frames_total") > 0);
  assert(value("livestream_renditions_total") > 0);
  assert(value("livestream_encode_seconds_count") > 0);
  assert(value("livestream_encode_seconds_sum") > 0);
  assert(value("livestream_event_loop_lag_seconds_count") > 0);
  assert.equal(value("livestream_camera_up"), 1);
  assert.equal(value("livestream_errors_total", { part: "source" }), 0);
  assert(value("livestream_http_responses_total", { code: "200" }) >= 4);

  const families = parsePrometheus(after);
  for (const [name, { type, samples }] of parsePrometheus(before)) {
    if (type === "gauge") continue;
    for (const { name: of, labels, value } of samples) {
      assert(valueIn(after, of, labels) >= value, name);
    }
  }
  // No label identifies a viewer, neither by cookie nor by address.
  const labels = [...families.values()].flatMap(({ samples }) =>
    samples.flatMap((sample) => Object.values(sample.labels))
  );
  const id = viewer.cookie.split("=")[1];
  for (const label of labels) {
    assert(!label.includes("127.0.0.1") && !label.includes(id), label);
  }
});
