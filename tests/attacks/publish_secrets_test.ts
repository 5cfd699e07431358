import assert from "node:assert/strict";
import { LiveClient } from "../support/live_client.ts";
import { startProgram } from "../support/program.ts";
import { ADMIN_TOKEN, AS_STREAMER } from "../support/requests.ts";
import { until } from "../support/until.ts";
import type { StudioPublication } from "../../src/live_messages.ts";

/** None of them has four hexadecimal digits in a row: random keys have any of those. */
const USER = "QUJKWXQZ";
const PASSWORD = "WXKZQJVW";
const KEY = "ZQKX-WJVJ";
const QUERY = "VVKQJZWX";
/** No piece of a secret this long may appear anywhere. Characters. */
const PIECE = 4;

const ADDRESSES = ["rtmp", "rtsp", "srt"].map((scheme) =>
  `${scheme}://${USER}:${PASSWORD}@127.0.0.1:9/live/${KEY}?token=${QUERY}`
);
const WHIP = `http://${USER}:${PASSWORD}@127.0.0.1:9/${KEY}/whip?token=${QUERY}`;

const ROUTES = ["/", "/studio", "/state", "/healthz", "/metrics", "/admin/state"];

Deno.test("attack: somebody looks for stream keys in log, pages and errors", async () => {
  await using program = await startProgram([
    ...["--source=test", "--resolution=320x240", "--log-level=debug"],
    ...ADDRESSES.map((address) => `--publish=${address}`),
  ]);
  const said: string[] = [];
  const post = async (url: string) => {
    const response = await fetch(`${program.origin}/admin/publish`, {
      method: "POST",
      headers: { ...AS_STREAMER, "content-type": "application/json" },
      body: JSON.stringify({ url }),
    });
    said.push(await response.text());
    return response.status;
  };
  assert.equal(await post(WHIP), 200);
  assert.equal(await post(WHIP), 409);
  assert.equal(await post(`https://127.0.0.1/${KEY}`), 400);
  const list = async () => {
    const response = await fetch(`${program.origin}/admin/state`, { headers: AS_STREAMER });
    return (await response.json()).publications as StudioPublication[];
  };
  const publications = await until(
    "all of them to fail",
    list,
    (all) => all.length === 4 && all.every(({ problem }) => problem !== null),
    { timeout: 40_000 },
  );
  for (const { problem } of publications) assert.doesNotMatch(problem!, /127|not known here/);
  for (const headers of [{}, AS_STREAMER]) {
    for (const route of ROUTES) {
      const response = await fetch(program.origin + route, { headers, redirect: "manual" });
      said.push(JSON.stringify([...response.headers]), await response.text());
    }
  }
  await using client = await LiveClient.open(program, {}, ADMIN_TOKEN);
  await client.next("studio");
  const text = said.join("\n") + JSON.stringify(client.received) + program.output();
  assert.match(text, /rtmp:\/\/127\.0\.0\.1:9/);
  for (const secret of [USER, PASSWORD, KEY, QUERY]) {
    for (let i = 0; i + PIECE <= secret.length; i++) {
      const at = text.indexOf(secret.slice(i, i + PIECE));
      assert.equal(at, -1, text.slice(Math.max(0, at - 200), at + 50));
    }
  }
});
