import { byId, setText } from "../dom.js";
import { disable, onPress } from "./press.js";

/** @typedef {import("../../../src/live_messages.ts").ChannelState} ChannelState */
/** @typedef {import("./act.js").Act} Act */

/** The On air switch and the title. */
export class ChannelDesk {
  #switch = byId("on-air", HTMLButtonElement);
  #label = byId("on-air-label", HTMLElement);
  #note = byId("on-air-note", HTMLElement);
  #standby = byId("standby", HTMLElement);
  #title = byId("title", HTMLInputElement);
  #save = byId("title-save", HTMLButtonElement);
  #act;
  #onAir = false;
  /** The title on the server. */
  #saved = "";

  /** @param {Act} act */
  constructor(act) {
    this.#act = act;
    onPress(this.#switch, () => this.#toggle());
    this.#title.addEventListener("input", () => this.#showSave());
    this.#title.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#showTitle(this.#saved);
    });
    byId("title-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#saveTitle();
    });
  }

  /** @param {ChannelState} state */
  show({ onAir, live, reason, title }) {
    this.#onAir = onAir;
    this.#switch.setAttribute("aria-checked", String(onAir));
    setText(this.#label, onAir ? "On air" : "Off air");
    setText(this.#note, noteOf(onAir, live));
    this.#standby.hidden = live || !reason;
    setText(this.#standby, reason ?? "");
    const isEdited = this.#title.value !== this.#saved;
    this.#saved = title;
    if (isEdited) this.#showSave();
    else this.#showTitle(title);
  }

  #toggle() {
    const onAir = !this.#onAir;
    const failure = onAir ? "You are not on air" : "You are still on air";
    return this.#act("admin/on-air", { onAir }, failure);
  }

  async #saveTitle() {
    const title = this.#title.value.trim();
    if (!title || title === this.#saved) return this.#showTitle(this.#saved);
    const answer = await this.#act("admin/title", { title }, "The title was not changed");
    if (!answer) return;
    this.#saved = title;
    this.#showTitle(title);
  }

  /** @param {string} title */
  #showTitle(title) {
    if (this.#title.value !== title) this.#title.value = title;
    this.#showSave();
  }

  #showSave() {
    const title = this.#title.value.trim();
    disable(this.#save, !title || title === this.#saved, this.#title);
  }
}

/**
 * Describes what viewers see.
 *
 * @param {boolean} onAir
 * @param {boolean} live
 */
function noteOf(onAir, live) {
  if (!onAir) return "Viewers stay connected and see a card that says you will be back.";
  return live ? "Viewers see your picture." : "Viewers see a standby picture until yours is back.";
}
