/**
 * Returns a function that loads something at its first call, and returns it at every call. If that fails, the next call tries
 * again.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T>}
 */
export function lazy(load) {
  /** @type {Promise<T> | null} */
  let loading = null;
  return async () => {
    const mine = loading ??= load();
    try {
      return await mine;
    } catch (error) {
      loading = null;
      throw error;
    }
  };
}
