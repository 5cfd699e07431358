import { amountOf, amountText } from "../amount_text.js";
import { confirmed } from "../confirm.js";
import { byId, setText } from "../dom.js";
import { giftItem } from "../gift_list.js";
import { GoalView } from "../goal_view.js";
import { saveFile } from "../save_file.js";
import { text } from "../text.js";
import { KeyedList } from "./keyed_list.js";
import { disable, onPress } from "./press.js";

/** @typedef {import("../../../src/live_messages.ts").ChatMessage} ChatMessage */
/** @typedef {import("../../../src/live_messages.ts").DonationGoal} DonationGoal */
/** @typedef {import("../../../src/live_messages.ts").Support} Support */
/** @typedef {import("./act.js").Act} Act */

/** The latest donations, each of which the streamer can remove, their goal, and all donations as a file. */
export class GiftDesk {
  #act;
  #here;
  #empty = byId("gifts-empty", HTMLElement);
  #totals = byId("gifts-totals", HTMLElement);
  #export = byId("gifts-export", HTMLButtonElement);
  #goal = new GoalView();
  #amount = byId("goal-amount", HTMLInputElement);
  #save = byId("goal-save", HTMLButtonElement);
  /** The goal on the server; empty without one. */
  #saved = "";
  /** @type {Map<string, ChatMessage>} */
  #gifts = new Map();
  /** @type {KeyedList<ChatMessage>} */
  #list;

  /**
   * @param {object} options
   * @param {Act} options.act
   * @param {() => Promise<Blob>} options.fetchAll Fetches all donations as a file.
   * @param {{ error: (text: string) => void }} options.notices
   * @param {(at: number) => number} options.here Converts the server's time to this device's.
   */
  constructor({ act, fetchAll, notices, here }) {
    this.#act = act;
    this.#here = here;
    this.#list = new KeyedList({
      parent: byId("gifts", HTMLOListElement),
      keyOf: ({ id }) => String(id),
      create: (id) => this.#create(id),
      fill: () => {},
      fallback: byId("gifts-heading", HTMLElement),
    });
    onPress(this.#export, async () => {
      try {
        saveFile(await fetchAll(), "donations.csv");
      } catch (error) {
        const { message: reason } = /** @type {Error} */ (error);
        notices.error(text("studio.gifts.notExported", { reason }));
      }
    });
    this.#amount.addEventListener("input", () => this.#showSave());
    byId("goal-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#setGoal();
    });
  }

  /** @param {Support} support */
  show({ gifts, totals }) {
    this.#empty.hidden = totals.donations > 0;
    this.#export.hidden = totals.donations === 0;
    const count = text("watch.supporters.donations", { count: totals.donations });
    const sum = totals.amount > 0 ? `${count} · ${amountText(totals.amount)}` : count;
    setText(this.#totals, totals.donations > 0 ? sum : "");
    this.#gifts = new Map(gifts.map((gift) => [String(gift.id), gift]));
    this.#list.show(gifts);
  }

  /** @param {DonationGoal | null} goal */
  showGoal(goal) {
    this.#goal.show(goal);
    const isEdited = this.#amount.value !== this.#saved;
    this.#saved = goal ? String(goal.amount) : "";
    if (!isEdited) this.#amount.value = this.#saved;
    this.#showSave();
  }

  #showSave() {
    disable(this.#save, this.#amount.value === this.#saved, this.#amount);
  }

  async #setGoal() {
    const amount = amountOf(this.#amount.value.trim()) ?? 0;
    if (await this.#act("admin/donations/goal", { amount }, text("studio.goal.failed"))) {
      this.#saved = amount === 0 ? "" : String(amount);
      this.#amount.value = this.#saved;
      this.#showSave();
    }
  }

  /** @param {string} id */
  #create(id) {
    const gift = /** @type {ChatMessage} */ (this.#gifts.get(id));
    const item = giftItem(gift, this.#here);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "remove";
    remove.textContent = text("studio.gifts.remove");
    remove.setAttribute("aria-label", text("studio.gifts.removeOf", { name: gift.name }));
    onPress(remove, () => this.#remove(gift));
    item.append(remove);
    return item;
  }

  /** @param {ChatMessage} gift */
  async #remove({ id, name }) {
    const sure = await confirmed({
      title: text("studio.gifts.removeTitle", { name }),
      text: text("studio.gifts.removeText"),
      yes: text("studio.gifts.remove"),
    });
    if (!sure) return;
    const failure = text("studio.gifts.notRemoved");
    await this.#act("admin/chat/delete", { ids: [id] }, failure);
  }
}
