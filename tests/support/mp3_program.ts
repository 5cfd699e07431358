/** Encodes silence as MP3 until it is killed. Prints the length of the first frame. */
import { EncoderProcess } from "../../src/consumers/sound/encoder_process.ts";
import { MP3 } from "../../src/consumers/sound/sound_format.ts";
import { silence } from "../../src/media/opus.ts";

let isFirst = true;
const process = new EncoderProcess({
  program: "ffmpeg",
  format: MP3,
  log: { debug: () => {} },
  onFrame: ({ length }) => {
    if (isFirst) Deno.stdout.writeSync(new TextEncoder().encode(`${length}\n`));
    isFirst = false;
  },
});
setInterval(() => process.encode(silence(2), Date.now()), 20);
