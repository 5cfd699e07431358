import { byId, setText } from "../dom.js";
import { text } from "../text.js";
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
  #onOffAir;
  #onAir = false;
  /** The title on the server. */
  #saved = "";

  /**
   * @param {object} options
   * @param {Act} options.act
   * @param {() => void} options.onOffAir The streamer went off air here.
   */
  constructor({ act, onOffAir }) {
    this.#act = act;
    this.#onOffAir = onOffAir;
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
  show({ onAir, live, title }) {
    this.#onAir = onAir;
    this.#switch.setAttribute("aria-checked", String(onAir));
    setText(this.#label, text(onAir ? "studio.onAir" : "studio.offAir"));
    setText(this.#note, noteOf(onAir, live));
    const isEdited = this.#title.value !== this.#saved;
    this.#saved = title;
    if (isEdited) this.#showSave();
    else this.#showTitle(title);
  }

  /** @param {string | null} reason Why the source gives no picture, for the streamer; `null` while it does. */
  showReason(reason) {
    this.#standby.hidden = reason === null;
    setText(this.#standby, reason ?? "");
  }

  async #toggle() {
    const onAir = !this.#onAir;
    const failure = text(onAir ? "studio.onAir.failed" : "studio.offAir.failed");
    const done = await this.#act("admin/on-air", { onAir }, failure);
    if (done && !onAir) this.#onOffAir();
  }

  async #saveTitle() {
    const title = this.#title.value.trim();
    if (!title || title === this.#saved) return this.#showTitle(this.#saved);
    const answer = await this.#act("admin/title", { title }, text("studio.channel.title.failed"));
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
  if (!onAir) return text("studio.offAir.note");
  return text(live ? "studio.onAir.note" : "studio.standby.note");
}
