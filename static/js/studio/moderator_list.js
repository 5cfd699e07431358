import { byId, element, setText } from "../dom.js";
import { text } from "../text.js";
import { KeyedList, partOf } from "./keyed_list.js";
import { onPress } from "./press.js";

/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */
/** @typedef {import("./act.js").Act} Act */

/** The viewers whom the streamer made moderators. */
export class ModeratorList {
  #empty = byId("moderators-empty", HTMLElement);
  #act;
  /** @type {KeyedList<StudioState["moderators"][number]>} */
  #list;

  /** @param {Act} act */
  constructor(act) {
    this.#act = act;
    this.#list = new KeyedList({
      parent: byId("moderators", HTMLElement),
      keyOf: ({ author }) => author,
      create: (author) => this.#create(author),
      fill: (item, { name }) => {
        setText(partOf(item, "bdi"), name);
        const label = text("studio.rules.dismissName", { name });
        partOf(item, "button").setAttribute("aria-label", label);
      },
      fallback: byId("moderators-heading", HTMLElement),
    });
  }

  /** @param {Pick<StudioState, "moderators">} studio */
  show({ moderators }) {
    this.#list.show(moderators);
    this.#empty.hidden = moderators.length > 0;
  }

  /** @param {string} author */
  #create(author) {
    const item = element("li");
    const name = element("bdi");
    const dismiss = element("button", text("studio.rules.dismiss"), "pardon");
    dismiss.type = "button";
    onPress(dismiss, () => {
      const failure = text("studio.chat.notDismissed", { name: name.textContent ?? "" });
      return this.#act("admin/chat/dismiss", { author }, failure);
    });
    item.append(name, dismiss);
    return item;
  }
}
