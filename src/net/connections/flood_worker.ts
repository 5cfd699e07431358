/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

/** The thread of the flood watch. It receives one message, and sends how many connections it dropped. */
import { SYSTEM_CLOCK } from "../../clock.ts";
import { FloodWatch, LOOK_MS } from "./flood_watch.ts";
import { SystemSockets } from "./system_sockets.ts";

/** What the main thread sends. */
export interface FloodRequest {
  /** The port on which the server listens. */
  readonly port: number;
  /** An Int32 that the main event loop counts up. */
  readonly beats: SharedArrayBuffer;
}

self.onmessage = ({ data }: MessageEvent<FloodRequest>) => {
  const beats = new Int32Array(data.beats);
  const watch = new FloodWatch(new SystemSockets(data.port));
  setInterval(() => {
    const dropped = watch.look(Atomics.load(beats, 0), SYSTEM_CLOCK.monotonic());
    if (dropped > 0) self.postMessage(dropped);
  }, LOOK_MS);
};
