/**
 * Watches this machine's stream from any network namespace, then prints a line for each frame:
 * milliseconds since the start, age on arrival in milliseconds, sequence, quality, bytes.
 *
 *     deno run --allow-net link_viewer.ts HOST PORT PATH SECONDS
 */
import { setTimeout as delay } from "node:timers/promises";
import { StreamClient } from "./stream_client.ts";

const [host, port, path, seconds] = Deno.args;
const started = performance.now();
const rows: string[] = [];
const late = delay(Number(seconds) * 1000);
{
  await using viewer = await StreamClient.open(`http://${host}:${port}${path}`, {
    onFrame({ at, age, sequence, quality, bytes }) {
      rows.push([Math.round(at - started), Math.round(age), sequence, quality, bytes].join(" "));
    },
  });
  await Promise.race([late, viewer.ended]);
}
await Deno.stdout.write(new TextEncoder().encode(rows.join("\n") + "\n"));
Deno.exit();
