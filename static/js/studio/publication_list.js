import { confirmed } from "../confirm.js";
import { byId, element, setText } from "../dom.js";
import { text } from "../text.js";
import { durationText, waitText } from "../time_text.js";
import { bandwidthText } from "../unit_text.js";
import { KeyedList, partOf } from "./keyed_list.js";
import { onPress } from "./press.js";
import { SavedValue } from "./saved_value.js";

/** @typedef {import("../../../src/live_messages.ts").PublicationState} PublicationState */
/** @typedef {import("../../../src/live_messages.ts").StudioPublication} StudioPublication */

/** The targets that the program is published to: the streamer switches and removes each. */
export class PublicationList {
  #empty = byId("publications-empty", HTMLElement);
  #act;
  #notices;
  #clock;
  /** @type {KeyedList<StudioPublication>} */
  #list;
  /** @type {readonly StudioPublication[]} */
  #publications = [];
  /** @type {ReadonlyMap<string, PublicationState>} */
  #states = new Map();
  /** @type {Map<string, SavedValue<boolean>>} Whether each is switched on. */
  #switches = new Map();

  /**
   * @param {object} options
   * @param {import("./act.js").Act} options.act
   * @param {Pick<import("../notices.js").Notices, "announce">} options.notices
   * @param {Pick<import("../clock.js").Clock, "wall">} options.clock The server's.
   */
  constructor({ act, notices, clock }) {
    this.#act = act;
    this.#notices = notices;
    this.#clock = clock;
    this.#list = new KeyedList({
      parent: byId("publications", HTMLElement),
      keyOf: ({ id }) => id,
      create: (id) => this.#create(id),
      fill: (item, publication) => this.#fill(item, publication),
      fallback: byId("publish-heading", HTMLElement),
    });
  }

  /** @param {readonly StudioPublication[]} publications */
  show(publications) {
    this.#publications = publications;
    this.#empty.hidden = publications.length > 0;
    this.#list.show(publications);
    for (const { id, name, state } of publications) {
      const before = this.#states.get(id);
      if (before === undefined || before === state) continue;
      if (state === "live") this.#notices.announce(text("studio.publish.isLive", { name }));
      if (before === "live" && state !== "off") {
        this.#notices.announce(text("studio.publish.isLost", { name }));
      }
    }
    this.#states = new Map(publications.map(({ id, state }) => [id, state]));
    for (const id of this.#switches.keys()) if (!this.#states.has(id)) this.#switches.delete(id);
  }

  /** @param {string} id */
  #create(id) {
    const item = element("li", "", "publication");
    const label = element("label", "", "turn-flip publication-on");
    const box = element("input");
    box.type = "checkbox";
    const about = element("span", "", "publication-about");
    about.append(element("bdi", "", "publication-name"), element("small"));
    label.append(box, about);
    const remove = element("button", text("studio.publish.remove"), "pardon");
    remove.type = "button";
    const problem = element("p", "", "problem");
    item.append(label, remove, problem);
    const on = new SavedValue({
      initial: false,
      send: async (on) => {
        const failure = text("studio.publish.unchanged", { name: this.#nameOf(id) });
        return await this.#act("admin/publish/switch", { id, on }, failure) !== null;
      },
      onChange: () => box.checked = on.wanted,
    });
    this.#switches.set(id, on);
    box.addEventListener("change", () => on.choose(box.checked));
    onPress(remove, () => this.#remove(id));
    return item;
  }

  /**
   * @param {HTMLElement} item
   * @param {StudioPublication} publication
   */
  #fill(item, publication) {
    const { id, name, state, problem } = publication;
    item.dataset.state = state;
    this.#switches.get(id)?.receive(state !== "off");
    setText(partOf(item, "bdi"), name);
    setText(partOf(item, "small"), this.#stateText(publication));
    partOf(item, "input").setAttribute("aria-label", text("studio.publish.to", { name }));
    partOf(item, "button").setAttribute("aria-label", text("studio.publish.removeOf", { name }));
    const problemLine = partOf(item, ".problem");
    problemLine.hidden = problem === null;
    setText(problemLine, capitalized(problem ?? ""));
  }

  /** @param {StudioPublication} publication */
  #stateText({ state, since, nextTry, kbps }) {
    if (state === "live") {
      const time = durationText(this.#clock.wall() - since);
      return text("studio.publish.live", { time, rate: bandwidthText(kbps) });
    }
    if (state === "waiting" && nextTry !== null && nextTry > this.#clock.wall()) {
      return text("studio.publish.waiting", { wait: waitText(nextTry - this.#clock.wall()) });
    }
    return text(state === "off" ? "studio.publish.off" : "studio.publish.connecting");
  }

  /** @param {string} id */
  #nameOf(id) {
    return this.#publications.find((publication) => publication.id === id)?.name ?? "";
  }

  /** @param {string} id */
  async #remove(id) {
    const name = this.#nameOf(id);
    const sure = await confirmed({
      title: text("studio.publish.removeTitle", { name }),
      text: text("studio.publish.removeText"),
      yes: text("studio.publish.remove"),
    });
    if (!sure) return;
    const failure = text("studio.publish.notRemoved", { name });
    if (!await this.#act("admin/publish/remove", { id }, failure)) return;
    this.show(this.#publications.filter((publication) => publication.id !== id));
  }
}

/** @param {string} words */
function capitalized(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
