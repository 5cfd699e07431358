import { Plot } from "./plot.js";
import { bandwidthText, delayText } from "./text.js";

/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */

/** Plots of viewers, bandwidth, delay and motion. */
export class Plots {
  #viewers = new Plot(figure("viewers"), {
    least: 2,
    // Half of each is a whole number of viewers.
    steps: [1, 2, 4, 6, 8],
    text: (count) => String(Math.round(count)),
  });
  #bandwidth = new Plot(figure("bandwidth"), { least: 500, text: bandwidthText });
  #delay = new Plot(figure("delay"), { least: 100, text: delayText, unknown: "not measured" });
  #motion = new Plot(figure("motion"), {
    least: 0.05,
    text: percentText,
    unknown: "not measured",
  });

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
  return `${percent.toFixed(percent > 0 && percent < 9.95 ? 1 : 0)} %`;
}

/** @param {string} name */
function figure(name) {
  const found = document.querySelector(`[data-plot="${name}"]`);
  if (found instanceof HTMLElement) return found;
  throw new TypeError(`Page has no plot "${name}"`);
}
