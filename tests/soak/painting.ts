import type { LiveClient } from "../support/live_client.ts";
import type { StreamClient } from "../support/stream_client.ts";

/** How often a page reports what it has painted. Milliseconds. */
const REPORT_MS = 250;

/** Reports a stream's frames to the server as a page does that paints them at once. */
export function reportPainted(live: LiveClient, stream: StreamClient, name: string): Disposable {
  const timer = setInterval(() => {
    if (!stream.newest) return;
    const { sequence, at } = stream.newest;
    const ago = performance.now() - at;
    live.send({ type: "painted", stream: name, sequence, ago, arrived: { sequence, ago } });
  }, REPORT_MS);
  live.closed.then(() => clearInterval(timer));
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
