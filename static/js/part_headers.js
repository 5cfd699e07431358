/**
 * Returns the sequence of a part's frame; 0 if the server gave none.
 *
 * @param {ReadonlyMap<string, string>} headers
 */
export function sequenceOf(headers) {
  return Number(headers.get("x-sequence") ?? 0);
}

/**
 * Returns when the server received a part's frame, by its own clock, in milliseconds; `null` if unknown.
 *
 * @param {ReadonlyMap<string, string>} headers
 */
export function timeOf(headers) {
  const seconds = Number(headers.get("x-timestamp") ?? NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}
