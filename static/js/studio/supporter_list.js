import { byId, element, setText } from "../dom.js";
import { confirmed } from "../confirm.js";
import { KeyedList, partOf } from "./keyed_list.js";
import { onPress } from "./press.js";
import { amountText } from "../amount_text.js";
import { text } from "../text.js";

/** @typedef {import("../../../src/live_messages.ts").Support} Support */
/** @typedef {import("../../../src/live_messages.ts").Supporter} Supporter */
/** @typedef {import("./act.js").Act} Act */

/** The supporters in the order of the server. The streamer can remove each. */
export class SupporterList {
  #empty = byId("supporters-empty", HTMLElement);
  #count = byId("supporters-count", HTMLElement);
  #act;
  /** @type {KeyedList<Supporter & { rank: number }>} */
  #list;
  /** @type {Map<string, string>} Names, by author. */
  #names = new Map();

  /** @param {{ act: Act }} options */
  constructor({ act }) {
    this.#act = act;
    this.#list = new KeyedList({
      parent: byId("supporters", HTMLOListElement),
      keyOf: ({ author }) => author,
      create: (author) => this.#create(author),
      fill,
      fallback: byId("supporters-heading", HTMLElement),
    });
  }

  /** @param {Support} support */
  show({ supporters, totals }) {
    this.#empty.hidden = supporters.length > 0;
    const count = totals.supporters;
    setText(this.#count, count > 0 ? text("watch.supporters.count", { count }) : "");
    this.#names = new Map(supporters.map(({ author, name }) => [author, name]));
    this.#list.show(supporters.map((supporter, index) => ({ ...supporter, rank: index + 1 })));
  }

  /** @param {string} author */
  #create(author) {
    const item = element("li");
    const remove = element("button", text("studio.supporters.remove"), "remove");
    remove.type = "button";
    onPress(remove, () => this.#remove(author));
    item.append(
      element("span", "", "rank"),
      element("bdi", "", "message-name"),
      element("span", "", "sum"),
      remove,
    );
    return item;
  }

  /** @param {string} author */
  async #remove(author) {
    const name = this.#names.get(author) ?? "";
    const sure = await confirmed({
      title: text("studio.supporters.removeTitle", { name }),
      text: text("studio.supporters.removeText"),
      yes: text("studio.supporters.remove"),
    });
    if (!sure) return;
    const failure = text("studio.supporters.notRemoved", { name });
    await this.#act("admin/supporters/remove", { author }, failure);
  }
}

/**
 * @param {HTMLElement} item
 * @param {Supporter & { rank: number }} supporter
 */
function fill(item, { name, hue, donations, amount, rank }) {
  setText(partOf(item, ".rank"), String(rank));
  const who = partOf(item, ".message-name");
  setText(who, name);
  who.style.setProperty("--hue", String(hue));
  const times = donations > 1 ? `${donations} ×` : "";
  const sum = amount > 0 ? amountText(amount) : "♥";
  setText(partOf(item, ".sum"), times ? `${times} · ${sum}` : sum);
  partOf(item, ".remove").setAttribute("aria-label", text("studio.supporters.removeOf", { name }));
}
