/*
 * Starts the worker that reads streams. A page names this module before its others, so that the worker loads while they do.
 */

/** `null` where there are no such workers, or they cannot be modules; such a browser does not ask for the type. */
export const streamWorker = startWorker();

function startWorker() {
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
  if (knowsModules) return worker;
  worker.terminate();
  return null;
}
