import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { ROOT } from "../support/program.ts";
import { startTestServer } from "../support/test_server.ts";
import { fetchWire } from "../support/wire_client.ts";

/** The most that the watch page may weigh compressed, without pictures and streams. Bytes. */
const BUDGET = 80_000;

/** What a worker loads, which the page does not name. */
const WORKER = ["js/stream_worker.js"];

const IMPORT = /^import (?:[^;"]* from )?"\.\/([^"]+)";$/gm;

Deno.test("the watch page with its styles and scripts weighs at most 80 kB over the wire", async () => {
  const page = await Deno.readTextFile(`${ROOT}static/index.html`);
  await using server = await startTestServer({ page });
  const weights = new Map<string, number>();
  const load = async (path: string): Promise<string> => {
    if (weights.has(path)) return "";
    weights.set(path, 0);
    const { status, headers, body } = await fetchWire(`${server.origin}/${path}`, {
      "accept-encoding": "gzip",
    });
    assert.equal(status, 200, path);
    weights.set(path, body.length);
    // Gzip would make the smallest files larger.
    const isZipped = headers.get("content-encoding") === "gzip";
    return new TextDecoder().decode(isZipped ? gunzipSync(body) : body);
  };
  const html = await load("");
  const named = html.matchAll(/<link rel="(?:stylesheet|modulepreload)" href="([^"]+)">/g);
  const scripts = html.matchAll(/<script [^>]*src="([^"]+)">/g);
  const paths = [...Array.from([...named, ...scripts], ([, path]) => path), ...WORKER];
  for (const path of paths) {
    for (const [, name] of (await load(path)).matchAll(IMPORT)) paths.push(`js/${name}`);
  }
  assert.ok(weights.size > 40, "the page names its files");
  const sum = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const heaviest = [...weights].sort(([, a], [, b]) => b - a).slice(0, 8);
  assert.ok(sum <= BUDGET, `${sum} bytes; the heaviest: ${JSON.stringify(heaviest)}`);
});
