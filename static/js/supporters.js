import { amountText } from "./celebration.js";
import { byId, element, setText } from "./dom.js";

/** @typedef {import("../../src/live_messages.ts").Supporter} Supporter */

/** The list of supporters, and the button that opens it. */
export class Supporters {
  #button = byId("show-supporters", HTMLButtonElement);

  constructor() {
    const dialog = byId("supporters-dialog", HTMLDialogElement);
    this.#button.addEventListener("click", () => dialog.showModal());
  }

  /** @param {readonly Supporter[]} supporters */
  show(supporters) {
    const { length } = supporters;
    this.#button.hidden = length === 0;
    const count = byId("supporter-count", HTMLElement);
    setText(count, length === 1 ? "1 supporter" : `${length} supporters`);
    byId("supporters", HTMLElement).replaceChildren(...supporters.map(rowOf));
  }
}

/**
 * @param {Supporter} supporter
 * @param {number} index
 */
function rowOf({ name, hue, donations, amount }, index) {
  const row = element("li");
  const who = element("span", name, "message-name");
  who.style.setProperty("--hue", String(hue));
  const times = donations === 1 ? "" : `${donations} × `;
  const sum = element("span", `${times}${amount > 0 ? amountText(amount) : "♥"}`, "sum");
  row.append(element("span", String(index + 1), "rank"), who, sum);
  return row;
}
