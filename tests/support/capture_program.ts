/**
 * A server that is nothing but a capture, to be ended in every way:
 * `deno run capture_program.ts SOURCE [crash]`. Says `live` when it is.
 */
import { Capture } from "../../src/producers/capture.ts";
import { createLogger } from "../../src/log/log.ts";

const [source, ending] = Deno.args;
const capture = new Capture({
  source,
  ffmpeg: "ffmpeg",
  width: 640,
  height: 480,
  fps: 30,
  isFpsGiven: false,
  title: "Test",
  log: createLogger({ level: "error", format: "text" }),
  onFrame() {},
  onState({ live }) {
    if (!live) return;
    Deno.stdout.writeSync(new TextEncoder().encode("live\n"));
    if (ending === "crash") setTimeout(() => Promise.reject(new Error("crash")), 1_000);
  },
});
await capture.start();
