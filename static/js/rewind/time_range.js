/** @typedef {import("../../../src/live_messages.ts").Rewind} PastRange */

/** @typedef {{ from: number, to: number }} TimeRange Wall times of the server, in milliseconds. */

/**
 * Returns from when to when the viewer can watch.
 *
 * @param {PastRange} rewind
 * @param {number} now The server's wall time.
 * @returns {TimeRange}
 */
export function rangeOf({ since, seconds }, now) {
  return { from: Math.min(now, Math.max(since, now - seconds * 1000)), to: now };
}

/**
 * Returns where a time lies in a range: 0 at its beginning, 1 at its end or later.
 *
 * @param {TimeRange} range
 * @param {number} at
 */
export function placeOf({ from, to }, at) {
  return to <= from ? 1 : Math.max(0, Math.min(1, (at - from) / (to - from)));
}

/**
 * Returns the time at a place of a range.
 *
 * @param {TimeRange} range
 * @param {number} place 0..1.
 */
export function timeAt({ from, to }, place) {
  return from + Math.max(0, Math.min(1, place)) * (to - from);
}
