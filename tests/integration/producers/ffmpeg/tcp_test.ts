import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { Buffer } from "node:buffer";
import { SwitcherProbe } from "../../../support/switcher_probe.ts";
import { framesOf, movingClip } from "../../../support/clips.ts";

/** How long a camera is away between two clients, as `while sleep 1; do rpicam-vid …; done` is. */
const AWAY_MS = 1_000;

/** Sends frames to one client after another, and does not answer for a while after each. */
async function serveOneByOne(
  frames: readonly Uint8Array[],
  first: Deno.TcpListener,
  signal: AbortSignal,
): Promise<void> {
  const { port } = first.addr;
  for (let listener = first; !signal.aborted;) {
    const stop = () => listener.close();
    signal.addEventListener("abort", stop);
    const connection = await listener.accept().catch(() => null);
    signal.removeEventListener("abort", stop);
    if (connection === null) return;
    listener.close();
    try {
      for (let i = 0; !signal.aborted; i++) {
        const frame = frames[i % frames.length];
        for (let at = 0; at < frame.length;) at += await connection.write(frame.subarray(at));
        await delay(33);
      }
    } catch {
      // The client has gone.
    }
    connection.close();
    await delay(AWAY_MS);
    if (!signal.aborted) listener = Deno.listen({ hostname: "127.0.0.1", port });
  }
}

Deno.test("JPEGs by TCP are copied, from a camera that is away for a second after each client", async () => {
  const frames = await framesOf(await movingClip());
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const stopping = new AbortController();
  const source = `tcp://127.0.0.1:${listener.addr.port}`;
  const served = serveOneByOne(frames, listener, stopping.signal);
  try {
    await using probe = await new SwitcherProbe({ source }).start();
    await probe.until("live", () => probe.state.live, 20_000);
    await probe.moreFrames(5, 5_000);
    assert.ok(frames.some((frame) => Buffer.from(frame).equals(probe.frames.at(-1)!)), "a copy");
  } finally {
    stopping.abort();
    await served;
  }
});
