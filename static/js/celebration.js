import { amountText } from "./amount_text.js";
import { Confetti } from "./confetti.js";
import { byId, setText } from "./dom.js";
import { loadStyle } from "./load_style.js";
import { text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").Donation} Donation */

const SHOWN_MS = 4500;

/**
 * Returns what shows donations, once its style sheet applies.
 *
 * @param {{ announce: (text: string) => void }} notices
 */
export async function loadCelebration(notices) {
  await loadStyle("css/celebration.css");
  return new Celebration(notices);
}

/** Shows a donation on the whole screen. The server sends the next one when this one is over. */
class Celebration {
  #notices;
  #box = byId("celebration", HTMLElement);
  #confetti = new Confetti(byId("confetti", HTMLCanvasElement));
  #reduced = matchMedia("(prefers-reduced-motion: reduce)");
  /** The id of the donation on the screen. */
  #shown = 0;
  /** @type {number | undefined} */
  #timer;

  /** @param {{ announce: (text: string) => void }} notices */
  constructor(notices) {
    this.#notices = notices;
  }

  /** @param {Donation} donation */
  show(donation) {
    if (document.hidden) return;
    this.#shown = donation.id;
    const title = donationText(donation);
    setText(byId("celebration-title", HTMLElement), title);
    setText(byId("celebration-text", HTMLElement), donation.message);
    this.#box.hidden = false;
    this.#notices.announce(`${title}. ${donation.message}`);
    if (!this.#reduced.matches) this.#confetti.throw(SHOWN_MS);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), SHOWN_MS);
  }

  /** @param {number} id Of a donation that must not be shown any longer. */
  withdraw(id) {
    if (id === this.#shown) this.#end();
  }

  #end() {
    clearTimeout(this.#timer);
    this.#shown = 0;
    this.#box.hidden = true;
  }
}

/** @param {Pick<Donation, "name" | "amount">} donation */
export function donationText({ name, amount }) {
  return amount === null
    ? text("common.donated", { name })
    : text("common.donatedAmount", { name, amount: amountText(amount) });
}
