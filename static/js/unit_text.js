import { pageLanguage, text } from "./text.js";

/**
 * Returns a number with a fixed number of decimals, as the page's language writes it.
 *
 * @param {number} value
 * @param {number} decimals
 */
export function decimalText(value, decimals) {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return value.toLocaleString(pageLanguage(), digits);
}

/** @param {number} kbps Kilobits a second. */
export function bandwidthText(kbps) {
  if (kbps < 999.5) return text("common.unit.kilobits", { value: decimalText(kbps, 0) });
  const megabits = kbps / 1000;
  return text("common.unit.megabits", { value: decimalText(megabits, megabits < 99.95 ? 1 : 0) });
}

/** @param {number | null} delay Milliseconds; `null` if it is not known. */
export function delayText(delay) {
  if (delay === null) return "–";
  return delay < 999.5 ? `${decimalText(delay, 0)} ms` : `${decimalText(delay / 1000, 1)} s`;
}

/** @param {number} bytes */
export function bytesText(bytes) {
  if (bytes >= 1e9) return `${decimalText(bytes / 1e9, 1)} GB`;
  // As megabytes these would look like nothing.
  if (bytes > 0 && bytes < 1e5) return `${decimalText(Math.max(1, bytes / 1e3), 0)} kB`;
  return `${decimalText(bytes / 1e6, bytes > 0 && bytes < 9.95e6 ? 1 : 0)} MB`;
}
