import { byId } from "../dom.js";
import { text } from "../text.js";

/** @typedef {import("../../../src/media/turn.ts").Turn} Turn */
/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */
/** @typedef {import("./act.js").Act} Act */

/** The rotation and mirroring of the source, for everyone and until the program ends. */
export class TurnPicker {
  #rotate = byId("rotate", HTMLSelectElement);
  #flip = byId("flip", HTMLInputElement);
  #act;
  /** @type {Turn} */
  #saved = { rotate: 0, flip: false };
  #busy = false;

  /**
   * @param {object} options
   * @param {Act} options.act
   */
  constructor({ act }) {
    this.#act = act;
    for (const field of [this.#rotate, this.#flip]) {
      field.addEventListener("change", () => this.#save());
    }
  }

  /** @param {StudioState} studio */
  show({ turn }) {
    const isSame = turn.rotate === this.#saved.rotate && turn.flip === this.#saved.flip;
    if (this.#busy || isSame) return;
    this.#saved = turn;
    this.#showSaved();
  }

  /** Sends the choice, and any choice made during the request afterwards. */
  async #save() {
    if (this.#busy) return;
    this.#busy = true;
    while (!this.#isSaved) {
      const turn = this.#chosen;
      if (await this.#act("admin/picture", turn, text("studio.picture.failed"))) this.#saved = turn;
      else this.#showSaved();
    }
    this.#busy = false;
  }

  /** @returns {Turn} */
  get #chosen() {
    const rotate = /** @type {Turn["rotate"]} */ (Number(this.#rotate.value));
    return { rotate, flip: this.#flip.checked };
  }

  get #isSaved() {
    const { rotate, flip } = this.#chosen;
    return rotate === this.#saved.rotate && flip === this.#saved.flip;
  }

  #showSaved() {
    this.#rotate.value = String(this.#saved.rotate);
    this.#flip.checked = this.#saved.flip;
  }
}
