import { byId } from "../dom.js";
import { text } from "../text.js";
import { disable } from "./press.js";

/** @typedef {import("./act.js").Act} Act */

/** The name under which the streamer writes in the chat. */
export class StreamerName {
  #name = byId("streamer-name", HTMLInputElement);
  #save = byId("streamer-name-save", HTMLButtonElement);
  #act;
  /** The name on the server. */
  #saved = "";

  /** @param {Act} act */
  constructor(act) {
    this.#act = act;
    this.#name.addEventListener("input", () => this.#showSave());
    this.#name.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      this.#name.value = this.#saved;
      this.#showSave();
    });
    byId("streamer-name-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#post(this.#name.value.trim());
    });
  }

  /** @param {{ streamerName: string }} studio */
  show({ streamerName }) {
    if (streamerName === this.#saved) return;
    const isEdited = this.#name.value !== this.#saved;
    this.#saved = streamerName;
    if (!isEdited) this.#name.value = streamerName;
    this.#showSave();
  }

  /** @param {string} name */
  async #post(name) {
    if (!name || name === this.#saved) return;
    await this.#act("admin/chat/streamer-name", { name }, text("studio.rules.nameNotChanged"));
  }

  #showSave() {
    const name = this.#name.value.trim();
    disable(this.#save, !name || name === this.#saved, this.#name);
  }
}
