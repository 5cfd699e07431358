import { byId, setText } from "../dom.js";

/** @typedef {import("../../../src/live_messages.ts").ChannelState} ChannelState */
/** @typedef {import("./act.js").Act} Act */

/** On air or off, and the title. */
export class ChannelDesk {
  #switch = byId("on-air", HTMLButtonElement);
  #label = byId("on-air-label", HTMLElement);
  #note = byId("on-air-note", HTMLElement);
  #standby = byId("standby", HTMLElement);
  #title = byId("title", HTMLInputElement);
  #save = byId("title-save", HTMLButtonElement);
  #act;
  #onAir = false;
  #busy = false;
  /** The title as the server has it. */
  #saved = "";

  /** @param {Act} act */
  constructor(act) {
    this.#act = act;
    this.#switch.addEventListener("click", () => this.#toggle());
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

  async #toggle() {
    if (this.#busy) return;
    const onAir = !this.#onAir;
    this.#setBusy(true);
    await this.#act(
      "/admin/on-air",
      { onAir },
      onAir ? "You are not on air" : "You are still on air",
    );
    this.#setBusy(false);
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy;
    // Not `disabled`, which would take the focus away.
    this.#switch.setAttribute("aria-busy", String(busy));
  }

  async #saveTitle() {
    const title = this.#title.value.trim();
    if (!title || title === this.#saved) return this.#showTitle(this.#saved);
    const answer = await this.#act("/admin/title", { title }, "The title was not changed");
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
    this.#save.disabled = this.#title.value.trim() === this.#saved || !this.#title.value.trim();
  }
}

/**
 * What viewers see.
 *
 * @param {boolean} onAir
 * @param {boolean} live
 */
function noteOf(onAir, live) {
  if (!onAir) return "Viewers stay connected and see a card that says you will be back.";
  return live ? "Viewers see your picture." : "Viewers see a standby picture until yours is back.";
}
