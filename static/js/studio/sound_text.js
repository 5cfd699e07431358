import { text } from "../text.js";
import { decimalText } from "../unit_text.js";

/** @typedef {import("../../../src/live_messages.ts").Hearing} Hearing */
/** @typedef {import("../../../src/live_messages.ts").StudioSound} StudioSound */

/**
 * Returns a number with its sign.
 *
 * @param {number} value
 */
function signed(value) {
  const rounded = Math.round(value);
  const sign = rounded > 0 ? "+" : rounded < 0 ? "−" : "";
  return sign + decimalText(Math.abs(rounded), 0);
}

/** @param {number} gain Decibels. */
export function gainText(gain) {
  return text("studio.sound.decibels", { value: signed(gain) });
}

/** @param {number} offset Milliseconds. */
export function offsetText(offset) {
  return `${signed(offset)} ms`;
}

/**
 * Describes the interruptions of a page's sound, and how far it is from its picture.
 *
 * @param {Hearing} hearing
 */
export function hearingText({ gaps, offset }) {
  const interruptions = text("studio.viewers.gaps", { count: gaps });
  return offset === null ? interruptions : `${interruptions} · ${offsetText(offset)}`;
}

/**
 * Returns what the status bar says about the sound: that viewers hear nothing, if the streamer may not expect it.
 *
 * @param {Pick<StudioSound, "state" | "muted" | "reason">} sound
 * @returns {"muted" | "trouble" | null}
 */
export function soundAlarm({ state, muted, reason }) {
  if (state === "off") return null;
  if (muted) return "muted";
  return reason === null ? null : "trouble";
}

/**
 * Returns the median offset of the pages for which it is known; `null` if there are none.
 *
 * @param {readonly { hearing: Hearing | null }[]} viewers
 */
export function medianOffset(viewers) {
  const offsets = viewers.flatMap(({ hearing }) => hearing?.offset ?? []).sort((a, b) => a - b);
  return offsets[Math.floor(offsets.length / 2)] ?? null;
}
