import { donationText } from "../celebration.js";
import { byId, element } from "../dom.js";
import { tierOf } from "../gift_tier.js";
import { text } from "../text.js";

/** @typedef {import("../../../src/live_messages.ts").ChatMessage} ChatMessage */

/** How long an alert stays unless it is closed. Milliseconds. */
const SHOWN_MS = 20_000;

/** The most alerts on the screen; a new one then replaces the oldest. */
const MOST = 3;

/** Shows the streamer each donation as it comes. */
export class GiftAlerts {
  #box = byId("gift-alerts", HTMLElement);

  /** @param {ChatMessage} message Messages that are no donation do nothing. */
  show({ id, name, text: words, gift }) {
    if (!gift) return;
    const alert = element("div", "", "gift-alert");
    alert.dataset.id = String(id);
    alert.dataset.tier = String(tierOf(gift.amount));
    const title = element("strong", donationText({ name, amount: gift.amount }));
    const close = element("button", "×", "close");
    close.type = "button";
    close.setAttribute("aria-label", text("common.close"));
    close.addEventListener("click", () => alert.remove());
    alert.append(title, close);
    if (words) {
      const message = element("p", words);
      message.dir = "auto";
      alert.append(message);
    }
    while (this.#box.childElementCount >= MOST) this.#box.firstElementChild?.remove();
    this.#box.append(alert);
    setTimeout(() => alert.remove(), SHOWN_MS);
  }

  /** @param {readonly number[]} ids Of messages that were deleted. */
  remove(ids) {
    for (const id of ids) this.#box.querySelector(`[data-id="${id}"]`)?.remove();
  }
}
