import { pageLanguage, text } from "./text.js";

/**
 * Returns a time of day: `4:21 PM`, `16:21`.
 *
 * @param {number} at Milliseconds since the Unix epoch.
 */
export function clockText(at) {
  return new Date(at).toLocaleTimeString(pageLanguage(), { hour: "numeric", minute: "2-digit" });
}

/**
 * Returns a duration: `0:07`, `12:45`, `1:02:03`.
 *
 * @param {number} ms Milliseconds; negative values count as 0.
 */
export function durationText(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${head}:${two(seconds % 60)}`;
}

/**
 * Returns a wait in words: `1 second`, `12 seconds`, `3 minutes`.
 *
 * @param {number} ms Milliseconds.
 */
export function waitText(ms) {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 90) return text("common.seconds", { count: seconds });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return text("common.minutes", { count: minutes });
  return text("common.hours", { count: Math.ceil(minutes / 60) });
}
