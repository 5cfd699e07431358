import { CanvasScreen } from "./canvas_screen.js";
import { ImageScreen } from "./image_screen.js";
import { lost, startWorker, streamWorker } from "./worker_start.js";

/** @typedef {import("./player.js").Screen} Screen */
/** @typedef {import("./player.js").Drawable} Drawable */

/**
 * Returns the best screen that this browser supports: a canvas fed by a worker, which knows each frame and notices a stall,
 * or the image, into which the browser itself loads the stream. Call this once.
 *
 * @param {object} options
 * @param {HTMLCanvasElement} options.canvas
 * @param {HTMLImageElement} options.image
 * @param {import("./canvas_screen.js").VideoOptions | null} [options.video] `null` if the page shows no H.264.
 * @returns {Screen & Drawable}
 */
export function createScreen({ canvas, image, video = null }) {
  canvas.hidden = streamWorker === null;
  image.hidden = streamWorker !== null;
  if (!streamWorker) return new ImageScreen(image);
  const restart = () => /** @type {Worker} */ (startWorker());
  const worker = lost.has(streamWorker) ? restart() : streamWorker;
  return new CanvasScreen({ canvas, worker, restart, video });
}
