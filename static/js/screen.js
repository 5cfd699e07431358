import { CanvasScreen } from "./canvas_screen.js";
import { ImageScreen } from "./image_screen.js";

/** @typedef {import("./player.js").Screen} Screen */

/**
 * The best screen this browser has: a canvas fed by a worker, which knows each picture and notices a stall, or else the
 * image, to which the browser itself feeds the stream.
 *
 * @param {{ canvas: HTMLCanvasElement, image: HTMLImageElement }} elements
 * @returns {Screen}
 */
export function createScreen({ canvas, image }) {
  const worker = typeof createImageBitmap === "function" ? startWorker() : null;
  canvas.hidden = worker === null;
  image.hidden = worker !== null;
  return worker ? new CanvasScreen(canvas, worker) : new ImageScreen(image);
}

/** @returns {Worker | null} `null` where workers cannot be modules; such a browser does not ask for the type. */
function startWorker() {
  if (typeof Worker !== "function") return null;
  let knowsModules = false;
  const options = {
    /** @returns {WorkerType} */
    get type() {
      knowsModules = true;
      return "module";
    },
  };
  const worker = new Worker(new URL("./stream_worker.js", import.meta.url), options);
  if (knowsModules) return worker;
  worker.terminate();
  return null;
}
