/**
 * Waits.
 *
 * @param {number} ms Milliseconds.
 * @returns {Promise<void>}
 */
export function delay(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
