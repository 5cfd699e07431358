import { Confetti } from "./confetti.js";
import { byId, setText } from "./dom.js";

/** @typedef {import("../../src/live_messages.ts").Donation} Donation */

const SHOWN_MS = 4500;

/** At most so many wait to be shown; those over that are on the supporters' list all the same. */
const MAX_WAITING = 5;

/** Shows a donation on the whole screen; those that come meanwhile wait for their turn. */
export class Celebration {
  #notices;
  #box = byId("celebration", HTMLElement);
  #confetti = new Confetti(byId("confetti", HTMLCanvasElement));
  #reduced = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {Donation[]} */
  #waiting = [];
  #busy = false;

  /** @param {{ announce: (text: string) => void }} notices */
  constructor(notices) {
    this.#notices = notices;
  }

  /** @param {Donation} donation */
  show(donation) {
    if (document.hidden || this.#waiting.length === MAX_WAITING) return;
    this.#waiting.push(donation);
    if (!this.#busy) this.#next();
  }

  #next() {
    const donation = this.#waiting.shift();
    this.#busy = donation !== undefined;
    this.#box.hidden = !this.#busy;
    if (!donation) return;
    const title = donationText(donation);
    setText(byId("celebration-title", HTMLElement), title);
    setText(byId("celebration-text", HTMLElement), donation.message);
    this.#notices.announce(`${title}. ${donation.message}`);
    if (!this.#reduced.matches) this.#confetti.throw(SHOWN_MS);
    setTimeout(() => this.#next(), SHOWN_MS);
  }
}

/** @param {Pick<Donation, "name" | "amount">} donation */
export function donationText({ name, amount }) {
  return amount === null ? `♥ ${name} donated` : `♥ ${name} donated ${amountText(amount)}`;
}

/** @param {number} amount */
export function amountText(amount) {
  const whole = Number.isInteger(amount);
  return amount.toLocaleString(undefined, { minimumFractionDigits: whole ? 0 : 2 });
}
