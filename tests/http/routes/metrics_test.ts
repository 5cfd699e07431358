import assert from "node:assert/strict";
import { Metrics } from "../../../src/metrics/metrics.ts";
import { parsePrometheus, valueIn } from "../../support/prometheus_text.ts";
import {
  ADMIN_TOKEN,
  newViewer,
  readParts,
  startTestServer,
  type TestServer,
  TINY_JPEG,
} from "../../support/test_server.ts";
import { until } from "../../support/until.ts";

/** Returns the metrics of those parts of a test server that are real. */
function metricsOf(server: TestServer): Metrics {
  const { audience, pageSockets, channel, chat, reactions, donations } = server;
  const { microphone, soundStream: sound, pageSound, responses, startedAt } = server;
  const { video, programs, publications } = server;
  return new Metrics({
    ...{ audience, pageSockets, channel, chat, reactions, donations, microphone, sound, pageSound },
    ...{ video, programs, publications },
    capture: {
      state: { live: true },
      stats: { frames: 0, damaged: 0, oversized: 0, superseded: 0, restarts: 0, failures: 0 },
    },
    past: { bytes: 0, seconds: 0 },
    turner: { stats: { superseded: 0, corrupt: 0 } },
    pool: {
      stats: {
        renditions: 0,
        superseded: 0,
        skipped: 0,
        late: 0,
        corrupt: 0,
        repaired: 0,
        replaced: 0,
      },
      running: 1,
    },
    people: () => audience.count,
    store: { failing: null, failures: 0 },
    responses,
    logged: { debug: 0, info: 0, warn: 0, error: 0 },
    startedAt,
  });
}

const scrape = (server: TestServer, token = ADMIN_TOKEN) =>
  server.get("/metrics", { headers: { authorization: `Bearer ${token}` } });

Deno.test("/metrics needs the streamer's token", async () => {
  await using server = await startTestServer();
  server.metrics.current = metricsOf(server);
  for (const response of [await server.get("/metrics"), await scrape(server, "a-wrong-token")]) {
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("www-authenticate"), "Bearer");
    assert.doesNotMatch(await response.text(), /livestream_/);
  }
});

Deno.test("/metrics is text for Prometheus that is not cached", async () => {
  await using server = await startTestServer();
  server.metrics.current = metricsOf(server);
  const response = await scrape(server);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert(parsePrometheus(await response.text()).size > 20);
});

Deno.test("/metrics is 503 for a moment while the server starts", async () => {
  await using server = await startTestServer();
  const response = await scrape(server);
  assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "1"]);
  await response.body?.cancel();
});

Deno.test("/metrics counts what was sent to viewers, also after they left", async () => {
  await using server = await startTestServer();
  server.metrics.current = metricsOf(server);
  const read = async () => await (await scrape(server)).text();
  server.program.publish(TINY_JPEG);
  const stream = await server.get("/stream");
  let parts = 0, bytes = 0;
  for await (const { headers, body } of readParts(stream)) {
    parts++;
    bytes += body.length;
    assert.equal(Number(headers.get("content-length")), body.length);
    if (parts === 1) {
      const text = await read();
      const labels = { quality: "source", why: "chosen" };
      assert.equal(valueIn(text, "livestream_viewers", labels), 1);
    }
    if (parts === 30) break;
    server.program.publish(TINY_JPEG);
  }
  await until("the viewer to leave", () => server.audience.count === 0, Boolean, { every: 5 });
  const text = await read();
  assert.equal(valueIn(text, "livestream_sent_frames_total"), 30);
  assert.equal(bytes, 30 * TINY_JPEG.length);
  // Each with headers and boundary, which are longer than this frame.
  const sent = valueIn(text, "livestream_sent_bytes_total");
  assert(sent > 2 * bytes && sent < bytes + 30 * 250, String(sent));
  assert.equal(valueIn(text, "livestream_people"), 0);
});

Deno.test("/metrics counts messages, donations and responses", async () => {
  await using server = await startTestServer();
  server.metrics.current = metricsOf(server);
  const headers = { ...await newViewer(server), "content-type": "application/json" };
  const body = JSON.stringify({ name: "Ann", text: "Hello", key: "1" });
  const said = await server.get("/chat", { method: "POST", headers, body });
  assert.equal(said.status, 200, await said.text());
  const given = await server.get("/donate", { method: "POST", headers });
  await given.body?.cancel();
  const missing = await server.get("/no-such-page");
  await missing.body?.cancel();
  const text = await (await scrape(server)).text();
  assert.equal(valueIn(text, "livestream_chat_messages_total"), 1);
  assert.equal(valueIn(text, "livestream_donations_total"), 1);
  assert.equal(valueIn(text, "livestream_http_responses_total", { code: "404" }), 1);
});
