import assert from "node:assert/strict";
import { Http2Client } from "../support/http2_client.ts";
import { AS_STREAMER } from "../support/requests.ts";
import { startSecureProgram } from "../support/secure_program.ts";
import { until } from "../support/until.ts";

/** Streams on one connection, none of which is read. */
const STREAMS = 20;

Deno.test("unread streams of one HTTP/2 connection are dropped and free their seats", async () => {
  await using program = await startSecureProgram([
    "--source=test",
    "--resolution=640x360",
  ]);
  const { port, cert, origin } = program;
  using client = Deno.createHttpClient({ caCerts: [cert] });
  const state = async () => (await (await fetch(`${origin}/state`, { client })).json()).result;

  using streams = await Http2Client.connect({ port, cert });
  await streams.get("/stream", STREAMS);
  // Other requests on the same connection do not prove that its streams are read.
  using mixed = await Http2Client.connect({ port, cert });
  await mixed.get("/stream", 1);
  using previews = await Http2Client.connect({ port, cert });
  await previews.get("/admin/preview", 3, AS_STREAMER);
  const begun = performance.now();
  const noise = setInterval(() => mixed.get("/healthz").catch(() => {}), 500);
  try {
    const countViewers = async () => (await state()).viewers;
    const all = (viewers: number) => viewers === STREAMS + 1;
    await until("all to watch", countViewers, all, { timeout: 5_000 });
    const clients = [streams, mixed, previews];
    const areEnded = () => clients.every(({ isOver }) => isOver);
    const timeout = 16_000 - (performance.now() - begun);
    await until("all to be ended", areEnded, Boolean, { timeout });
  } finally {
    clearInterval(noise);
  }
  const took = performance.now() - begun;
  assert.ok(took > 9_000, `${took} ms`);
  const { viewers, counters } = await state();
  assert.equal(viewers, 0);
  assert.ok(counters.stalled >= STREAMS, `${counters.stalled} stalled`);
});
