/**
 * Watches with several sessions from any network namespace, as pages do, then prints how often the server ended a
 * stream, and a line for each frame that a page would have shown: which session, milliseconds since the start, age,
 * codec, width, bytes.
 *
 *     deno run --allow-net page_viewers.ts HOST PORT SECONDS SESSIONS auto|jpeg|h264
 */
import { setTimeout as delay } from "node:timers/promises";
import { type Codec, watchAsPage } from "./page_client.ts";

/** Between the beginnings of two sessions. Milliseconds. */
const APART_MS = 25;

const [host, port, seconds, sessions, codec] = Deno.args;
const origin = `http://${host}:${port}`;
const since = Date.now();
const lines: string[] = [];
const cuts = await Promise.all(Array.from({ length: Number(sessions) }, async (_, session) => {
  await delay(session * APART_MS);
  return await watchAsPage({
    ...{ origin, since, codec: codec as Codec, seconds: Number(seconds) },
    onShown: ({ at, age, codec, width, bytes }) =>
      lines.push([session, at, Math.round(age), codec, width, bytes].join(" ")),
  });
}));
const all = cuts.reduce((sum, cut) => sum + cut, 0);
await new Blob([[all, ...lines].join("\n")]).stream().pipeTo(Deno.stdout.writable);
Deno.exit();
