import { amountText } from "./amount_text.js";
import { byId, element, setText } from "./dom.js";
import { giftItem } from "./gift_list.js";
import { text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").Support} Support */
/** @typedef {import("../../src/live_messages.ts").Supporter} Supporter */

/** The dialog with the latest donations and the most generous supporters, and the button that opens it. */
export class Supporters {
  #button = byId("show-supporters", HTMLButtonElement);
  #here;

  /** @param {(at: number) => number} here Converts the server's time to this device's. */
  constructor(here) {
    this.#here = here;
    const dialog = byId("supporters-dialog", HTMLDialogElement);
    this.#button.addEventListener("click", () => dialog.showModal());
  }

  /** @param {Support} support */
  show({ supporters, gifts, totals }) {
    this.#button.hidden = supporters.length + gifts.length === 0;
    const count = totals.supporters > 0
      ? text("watch.supporters.count", { count: totals.supporters })
      : text("watch.supporters.donations", { count: totals.donations });
    setText(byId("supporter-count", HTMLElement), count);
    byId("gifts", HTMLElement).replaceChildren(...gifts.map((gift) => giftItem(gift, this.#here)));
    byId("supporters", HTMLElement).replaceChildren(...supporters.map(rowOf));
    byId("supporters-top", HTMLElement).hidden = supporters.length === 0;
    byId("gifts-latest", HTMLElement).hidden = gifts.length === 0;
    const rest = totals.supporters - supporters.length;
    const more = byId("supporters-more", HTMLElement);
    more.hidden = rest <= 0;
    setText(more, text("watch.supporters.more", { count: rest }));
  }
}

/**
 * @param {Supporter} supporter
 * @param {number} index
 */
function rowOf({ name, hue, donations, amount }, index) {
  const row = element("li");
  const who = element("bdi", name, "message-name");
  who.style.setProperty("--hue", String(hue));
  const times = donations === 1 ? "" : `${donations} × `;
  const sum = element("span", `${times}${amount > 0 ? amountText(amount) : "♥"}`, "sum");
  row.append(element("span", String(index + 1), "rank"), who, sum);
  return row;
}
