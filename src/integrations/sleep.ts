/** Resolves after so many milliseconds, or when the signal comes. Leaves no listener at the signal. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", done);
    resolve();
  };
  const timer = setTimeout(done, milliseconds);
  if (signal?.aborted) done();
  else signal?.addEventListener("abort", done);
  return promise;
}
