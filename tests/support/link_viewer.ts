/**
 * Watches this machine's stream from any network namespace, then prints a line for each frame:
 * milliseconds since the start, age on arrival in milliseconds, sequence, quality, bytes of the picture.
 *
 *     deno run --allow-net link_viewer.ts HOST PORT SECONDS page|program
 *
 * A page reports what arrives, as the watch page does.
 */
import { setTimeout as delay } from "node:timers/promises";
import { PaintedReporter } from "../../static/js/painted_reporter.js";
import { LiveClient } from "./live_client.ts";
import { newCookie } from "./requests.ts";
import { StreamClient } from "./stream_client.ts";

const [host, port, seconds, kind] = Deno.args;
const origin = `http://${host}:${port}`;
const name = crypto.randomUUID().replaceAll("-", "");
const cookie = newCookie();
const isPage = kind === "page";
const started = performance.now();
const rows: string[] = [];
const late = delay(Number(seconds) * 1000);
const socket = isPage ? await LiveClient.open({ origin }, { ...cookie, origin }) : null;
const reporter = socket && new PaintedReporter({ send: (message) => socket.send(message) });
{
  await using viewer = await StreamClient.open(`${origin}/stream${isPage ? `?live=${name}` : ""}`, {
    headers: cookie,
    onFrame({ at, age, sequence, quality, bytes }) {
      reporter?.painted(name, sequence, { sequence, at: performance.timeOrigin + at });
      rows.push([Math.round(at - started), Math.round(age), sequence, quality, bytes].join(" "));
    },
  });
  await Promise.race([late, viewer.ended]);
}
await Deno.stdout.write(new TextEncoder().encode(rows.join("\n") + "\n"));
Deno.exit();
