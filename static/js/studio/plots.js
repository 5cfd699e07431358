import { text } from "../text.js";
import { Plot } from "./plot.js";
import { bandwidthText, decimalText, delayText } from "../unit_text.js";

/** @typedef {import("../../../src/live_messages.ts").StudioSample} StudioSample */
/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */

const UNKNOWN = text("studio.plot.none");

/** Plots of viewers, bandwidth, delay and motion. */
export class Plots {
  #viewers = new Plot(figure("viewers"), {
    least: 2,
    // Half of each is a whole number of viewers.
    steps: [1, 2, 4, 6, 8],
    format: (count) => String(Math.round(count)),
  });
  #bandwidth = new Plot(figure("bandwidth"), { least: 500, format: bandwidthText });
  #delay = new Plot(figure("delay"), { least: 100, format: delayText, unknown: UNKNOWN });
  #motion = new Plot(figure("motion"), {
    least: 0.05,
    format: percentText,
    unknown: UNKNOWN,
  });

  /**
   * Takes what the server measured before the studio was opened.
   *
   * @param {number} now Milliseconds.
   * @param {readonly StudioSample[]} samples
   */
  restore(now, samples) {
    const valuesOf = (/** @type {Exclude<keyof StudioSample, "ago">} */ name) =>
      samples.map((sample) => ({ at: now - sample.ago, value: sample[name] }));
    this.#viewers.restore(valuesOf("viewers"));
    this.#bandwidth.restore(valuesOf("kbps"));
    this.#delay.restore(valuesOf("delay"));
    this.#motion.restore(valuesOf("motion"));
  }

  /**
   * @param {number} at Milliseconds.
   * @param {number} viewers People.
   * @param {StudioState} studio
   */
  add(at, viewers, { kbps, delay, motion }) {
    this.#viewers.add(at, viewers);
    this.#bandwidth.add(at, kbps);
    this.#delay.add(at, delay);
    this.#motion.add(at, motion);
  }
}

/** @param {number} part 0..1. */
function percentText(part) {
  const percent = part * 100;
  return `${decimalText(percent, percent > 0 && percent < 9.95 ? 1 : 0)} %`;
}

/** @param {string} name */
function figure(name) {
  const found = document.querySelector(`[data-plot="${name}"]`);
  if (found instanceof HTMLElement) return found;
  throw new TypeError(`Page has no plot "${name}"`);
}
