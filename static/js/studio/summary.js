import { amountText } from "../amount_text.js";
import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { durationText } from "../time_text.js";
import { onPress } from "./press.js";
import { bytesText, decimalText } from "../unit_text.js";

/** @typedef {import("../../../src/live_messages.ts").BroadcastSummary} BroadcastSummary */
/** @typedef {import("./admin.js").Admin} Admin */
/** @typedef {import("../notices.js").Notices} Notices */

/** What happened since the channel went on air, in a dialog. */
export class Summary {
  #dialog = byId("summary", HTMLDialogElement);
  #admin;
  #notices;

  /**
   * @param {Admin} admin
   * @param {Notices} notices
   */
  constructor(admin, notices) {
    this.#admin = admin;
    this.#notices = notices;
    onPress(byId("show-summary", HTMLButtonElement), () => this.open());
  }

  async open() {
    try {
      this.#show(await this.#admin.get("admin/summary"));
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      this.#notices.error(text("studio.summary.failed", { reason: message }));
    }
  }

  /** @param {BroadcastSummary} summary */
  #show({ isOver, duration, viewers, messages, donations, bytes }) {
    const set = (/** @type {string} */ id, /** @type {string} */ value) =>
      setText(byId(`summary-${id}`, HTMLElement), value);
    set("title", text(isOver ? "studio.summary.over" : "studio.summary.live"));
    set("duration", durationText(duration));
    set("most", String(viewers.most));
    set("mean", decimalText(viewers.mean, viewers.mean < 9.95 ? 1 : 0));
    set("messages", String(messages));
    const { count, amount } = donations;
    set("donations", amount > 0 ? `${count} · ${amountText(amount)}` : String(count));
    set("bytes", bytesText(bytes));
    if (!this.#dialog.open) this.#dialog.showModal();
  }
}
