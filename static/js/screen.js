import { CanvasScreen } from "./canvas_screen.js";
import { ImageScreen } from "./image_screen.js";
import { streamWorker } from "./worker_start.js";

/** @typedef {import("./player.js").Screen} Screen */

/**
 * Returns the best screen that this browser supports: a canvas fed by a worker, which knows each frame and notices a stall,
 * or the image, into which the browser itself loads the stream. Call this once.
 *
 * @param {{ canvas: HTMLCanvasElement, image: HTMLImageElement }} elements
 * @returns {Screen}
 */
export function createScreen({ canvas, image }) {
  canvas.hidden = streamWorker === null;
  image.hidden = streamWorker !== null;
  return streamWorker ? new CanvasScreen(canvas, streamWorker) : new ImageScreen(image);
}
