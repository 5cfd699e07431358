import { amountText } from "./amount_text.js";
import { byId, setText } from "./dom.js";
import { text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").DonationGoal} DonationGoal */

/** The bar that shows how far the streamer's goal is reached. */
export class GoalView {
  #box = byId("goal", HTMLElement);
  #meter = byId("goal-meter", HTMLElement);
  #text = byId("goal-text", HTMLElement);

  /** @param {DonationGoal | null} goal */
  show(goal) {
    this.#box.hidden = goal === null;
    if (!goal) return;
    const part = Math.min(1, goal.given / goal.amount);
    const values = { given: amountText(goal.given), amount: amountText(goal.amount) };
    const label = text(part < 1 ? "common.goal" : "common.goalReached", values);
    this.#box.dataset.reached = String(part === 1);
    this.#meter.setAttribute("aria-valuenow", String(Math.round(100 * part)));
    this.#meter.setAttribute("aria-valuetext", label);
    this.#meter.style.setProperty("--part", String(part));
    setText(this.#text, label);
  }
}
