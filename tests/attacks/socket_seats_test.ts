import assert from "node:assert/strict";
import { LiveClient } from "../support/live_client.ts";
import { startProgram } from "../support/program.ts";
import { ADMIN_TOKEN, administer, AS_STREAMER } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";

/** The default of 500 viewers allows 1,050 sockets; this test needs far fewer. */
const MAX_VIEWERS = 50;
const SOCKETS = 2 * MAX_VIEWERS + 50;

Deno.test("viewers' sockets lock out neither the studio nor any other request of the streamer", async () => {
  await using program = await startProgram([
    "--source=test",
    "--resolution=320x240",
    "--trusted-proxy=127.0.0.1",
    `--max-viewers=${MAX_VIEWERS}`,
  ]);
  const { origin } = program;
  await using others = new AsyncDisposableStack();
  const open = async (i: number) =>
    others.use(await LiveClient.open(program, { "x-forwarded-for": `203.0.113.${i % 250}` }));
  for (let i = 0; i < SOCKETS; i += 25) {
    await Promise.all(Array.from({ length: 25 }, (_, more) => open(i + more)));
  }
  await assert.rejects(open(0), "there should be no more seats");
  for (let i = 0; i < MAX_VIEWERS; i++) {
    const headers = { "x-forwarded-for": `203.0.113.${i}` };
    others.use(await StreamClient.open(`${origin}/stream`, { headers }));
  }
  await assert.rejects(StreamClient.open(`${origin}/stream`), "there should be no more seats");

  await using studio = await LiveClient.open(program, {}, ADMIN_TOKEN);
  assert.equal((await studio.next("hello")).state.viewers, MAX_VIEWERS);
  assert.equal((await studio.next("studio")).studio.viewers.length, MAX_VIEWERS);
  await using preview = await StreamClient.open(`${origin}/admin/preview`, {
    headers: AS_STREAMER,
  });
  await preview.next(5, 3_000);
  const answer = await administer(program, "on-air", { onAir: false });
  assert.deepEqual(answer, { ok: true, onAir: false });
  // Earlier states report viewers who joined.
  while ((await studio.next("state")).state.onAir);
});
