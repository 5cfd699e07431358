import { sizeText } from "../quality_text.js";

/** @typedef {import("../../../src/live_messages.ts").Delivery} Delivery */

const REASONS = {
  chosen: "viewer's choice",
  motion: "motion",
  link: "slow connection",
  uplink: "shared uplink",
  reader: "fewer frames",
};

/** @param {number} kbps Kilobits a second. */
export function bandwidthText(kbps) {
  if (kbps < 999.5) return `${Math.round(kbps)} kbit/s`;
  const megabits = kbps / 1000;
  return `${megabits.toFixed(megabits < 99.95 ? 1 : 0)} Mbit/s`;
}

/** @param {number | null} delay Milliseconds. */
export function delayText(delay) {
  if (delay === null) return "–";
  return delay < 999.5 ? `${Math.round(delay)} ms` : `${(delay / 1000).toFixed(1)} s`;
}

/** @param {Pick<Delivery, "quality">} delivery */
export function givenText({ quality }) {
  return quality === "source" ? "Original" : `Quality ${quality}`;
}

/** @param {Pick<Delivery, "scale" | "why">} delivery */
export function whyText({ scale, why }) {
  return scale === 1 ? REASONS[why] : `${sizeText(scale)}, ${REASONS[why]}`;
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} many
 */
export function countText(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

/**
 * Formats an amount of money, without a currency, which only the streamer knows.
 *
 * @param {number} amount
 */
export function amountText(amount) {
  return Number.isInteger(amount) ? String(amount) : amount.toFixed(2);
}
