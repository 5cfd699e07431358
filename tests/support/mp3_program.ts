/** Encodes silence as MP3 until it is killed. Prints the length of the first frame. */
import { Mp3Process } from "../../src/consumers/sound/mp3_process.ts";
import { silence } from "../../src/media/opus.ts";

let isFirst = true;
const process = new Mp3Process({
  program: "ffmpeg",
  log: { debug: () => {} },
  onFrame: ({ length }) => {
    if (isFirst) Deno.stdout.writeSync(new TextEncoder().encode(`${length}\n`));
    isFirst = false;
  },
});
setInterval(() => process.encode(silence(2), Date.now()), 20);
