/**
 * Opens pages that listen, or only stay connected: `listeners.ts ORIGIN PAGES listen|stay`. Prints `ready`, and
 * at the end of its standard input how many packets each page got, at least and in the median.
 */
import { print } from "../servers.ts";
import { newCookie } from "../../support/requests.ts";
import { SoundListener } from "../../support/sound_listener.ts";

const [origin, count, what] = Deno.args;
const pages: SoundListener[] = [];
for (let i = 0; i < Number(count); i++) {
  pages.push(await SoundListener.open({ origin }, { headers: newCookie(), keeps: false }));
}
if (what === "listen") { for (const page of pages) page.listen(true); }
print("ready");
await Deno.stdin.readable.pipeTo(new WritableStream());
const packets = pages.map(({ count }) => count).sort((a, b) => a - b);
print(JSON.stringify({ least: packets[0], median: packets[packets.length >> 1] }));
Deno.exit(0);
