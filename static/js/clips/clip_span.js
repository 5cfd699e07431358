/** @typedef {import("../../../src/live_messages.ts").ClipFormat} ClipFormat */

/**
 * What of the past a clip shows, as wall times of the server.
 *
 * @typedef {{ readonly from: number, readonly to: number }} Span
 */

/** The lengths that the dialog offers. Seconds. */
export const LENGTHS = [10, 30, 60];

/** The longest clip of each format. Milliseconds. @type {Readonly<Record<ClipFormat, number>>} */
export const LONGEST_MS = { mp4: 60_000, gif: 10_000, webp: 10_000 };

/** The shortest clip. Milliseconds. */
export const SHORTEST_MS = 1000;

/**
 * Returns the span of a length that ends at a moment, or later where the past does not go back that far. It is shorter
 * if the past is.
 *
 * @param {number} to
 * @param {number} length Milliseconds.
 * @param {Span} past What can be seen of the past.
 * @returns {Span}
 */
export function spanUntil(to, length, past) {
  const from = between(to - length, past.from, past.to);
  return { from, to: between(Math.max(to, from + length), from, past.to) };
}

/**
 * Moves the start or the end of a span. The other one moves along where the span would become too long or too short; both
 * stay in the past.
 *
 * @param {Span} span
 * @param {"from" | "to"} mark
 * @param {number} by Milliseconds.
 * @param {number} longest Milliseconds.
 * @param {Span} past
 * @returns {Span}
 */
export function movedMark(span, mark, by, longest, past) {
  const shortest = Math.min(SHORTEST_MS, past.to - past.from);
  if (mark === "from") {
    const from = between(span.from + by, past.from, past.to - shortest);
    return { from, to: between(span.to, from + shortest, Math.min(from + longest, past.to)) };
  }
  const to = between(span.to + by, past.from + shortest, past.to);
  return { from: between(span.from, Math.max(to - longest, past.from), to - shortest), to };
}

/**
 * Returns a span whose end stays and which is no longer than that.
 *
 * @param {Span} span
 * @param {number} longest Milliseconds.
 * @returns {Span}
 */
export function shortened({ from, to }, longest) {
  return { from: Math.max(from, to - longest), to };
}

/**
 * Returns what of a span can still be seen; at least the shortest clip, of which the server may find nothing.
 *
 * @param {Span} span
 * @param {Span} past
 * @returns {Span}
 */
export function withinReach({ from, to }, past) {
  return { from: Math.max(from, Math.min(past.from, to - SHORTEST_MS)), to };
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function between(value, least, most) {
  return Math.max(least, Math.min(value, most));
}
