import { CanvasScreen } from "./canvas_screen.js";
import { ImageScreen } from "./image_screen.js";
import { streamWorker } from "./worker_start.js";

/** @typedef {import("./player.js").Screen} Screen */

/**
 * The best screen this browser has: a canvas fed by a worker, which knows each picture and notices a stall, or else the
 * image, to which the browser itself feeds the stream. To be called once.
 *
 * @param {{ canvas: HTMLCanvasElement, image: HTMLImageElement }} elements
 * @returns {Screen}
 */
export function createScreen({ canvas, image }) {
  canvas.hidden = streamWorker === null;
  image.hidden = streamWorker !== null;
  return streamWorker ? new CanvasScreen(canvas, streamWorker) : new ImageScreen(image);
}
