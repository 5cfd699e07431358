import { byId, element, setText } from "../dom.js";
import { amountText, countText } from "./text.js";

/** @typedef {import("../../../src/live_messages.ts").Supporter} Supporter */

/** Those who gave, as the server ranks them. */
export class SupporterList {
  #list = byId("supporters", HTMLOListElement);
  #empty = byId("supporters-empty", HTMLElement);
  #count = byId("supporters-count", HTMLElement);

  /** @param {readonly Supporter[]} supporters */
  show(supporters) {
    this.#empty.hidden = supporters.length > 0;
    const donations = supporters.reduce((sum, one) => sum + one.donations, 0);
    setText(this.#count, donations > 0 ? countText(donations, "donation", "donations") : "");
    this.#list.replaceChildren(...supporters.map(itemOf));
  }
}

/**
 * @param {Supporter} supporter
 * @param {number} index
 */
function itemOf({ name, hue, donations, amount }, index) {
  const item = element("li");
  const who = element("b", name, "message-name");
  who.style.setProperty("--hue", String(hue));
  const times = donations > 1 ? `${donations} ×` : "";
  const sum = amount > 0 ? amountText(amount) : "♥";
  item.append(
    element("span", String(index + 1), "rank"),
    who,
    element("span", times ? `${times} · ${sum}` : sum, "sum"),
  );
  return item;
}
