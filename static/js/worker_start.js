/*
 * Starts the worker that reads streams. Pages load this module first, so that the worker loads in parallel with the others.
 */

/** Workers that could not be loaded, which may happen before anything listens to them. @type {WeakSet<Worker>} */
export const lost = new WeakSet();

/** `null` if the browser does not support module workers. Such a browser never reads the option `type`. */
export const streamWorker = startWorker();

/** Starts another one, for one that could not be loaded. */
export function startWorker() {
  if (typeof Worker !== "function" || typeof createImageBitmap !== "function") return null;
  let knowsModules = false;
  const options = {
    /** @returns {WorkerType} */
    get type() {
      knowsModules = true;
      return "module";
    },
  };
  const worker = new Worker(new URL("./stream_worker.js", import.meta.url), options);
  // Exceptions have a message.
  worker.addEventListener("error", ({ message }) => message || lost.add(worker));
  if (knowsModules) return worker;
  worker.terminate();
  return null;
}
