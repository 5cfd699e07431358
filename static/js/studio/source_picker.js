import { byId, element, setText } from "../dom.js";
import { text } from "../text.js";
import { disable, onPress } from "./press.js";
import { bandwidthText, decimalText } from "../unit_text.js";

/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */
/** @typedef {import("./act.js").Act} Act */
/** @typedef {import("./admin.js").Admin} Admin */
/** @typedef {{ source: string, name: string }} Source */

/** The choice of the source: one of the cameras found, or the source given at start. */
export class SourcePicker {
  #select = byId("source", HTMLSelectElement);
  #switch = byId("source-switch", HTMLButtonElement);
  #note = byId("source-note", HTMLElement);
  #admin;
  #act;
  #onError;
  /** @type {Source[]} */
  #sources = [];
  /** @type {Source} */
  #current = { source: "", name: "" };
  #busy = false;

  /**
   * @param {object} options
   * @param {Admin} options.admin
   * @param {Act} options.act
   * @param {(message: string) => void} options.onError
   */
  constructor({ admin, act, onError }) {
    this.#admin = admin;
    this.#act = act;
    this.#onError = onError;
    this.#select.addEventListener("change", () => this.#showSwitch());
    onPress(byId("source-refresh", HTMLElement), () => this.look());
    byId("source-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#switchTo(this.#select.value);
    });
  }

  /** Loads the list of sources. */
  async look() {
    if (this.#busy) return;
    this.#setBusy(text("studio.source.looking"));
    try {
      ({ sources: this.#sources } = await this.#admin.get("admin/sources"));
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      this.#onError(text("studio.source.notListed", { reason: message }));
    }
    this.#setBusy("");
    this.#showOptions();
  }

  /** @param {StudioState} studio */
  show({ source, sourceName, reason, captured: { width, height, fps, kbps } }) {
    if (source !== this.#current.source || sourceName !== this.#current.name) {
      const wasChosen = this.#select.value === this.#current.source;
      this.#current = { source, name: sourceName };
      this.#showOptions();
      if (wasChosen) this.#select.value = source;
      this.#showSwitch();
    }
    if (this.#busy) return;
    // The desk says why there is no picture.
    if (reason !== null) return setText(this.#note, "");
    const size = width > 0 ? `${width} × ${height} · ` : "";
    setText(this.#note, `${size}${decimalText(fps, 0)} fps · ${bandwidthText(kbps)}`);
  }

  /** @param {string} source */
  async #switchTo(source) {
    if (this.#busy || source === this.#current.source) return;
    const name = this.#select.selectedOptions[0]?.textContent ?? source;
    this.#setBusy(text("studio.source.switching", { name }));
    const done = await this.#act("admin/source", { source }, text("studio.source.notSwitched"));
    this.#setBusy("");
    if (done) this.#current = { source, name };
    this.#select.value = this.#current.source;
    this.#showSwitch();
  }

  #showOptions() {
    const chosen = this.#select.value || this.#current.source;
    const known = this.#sources.some(({ source }) => source === this.#current.source);
    const sources = known || !this.#current.source
      ? this.#sources
      : [this.#current, ...this.#sources];
    this.#select.replaceChildren(...sources.map(({ source, name }) => {
      const option = element("option", name);
      option.value = source;
      return option;
    }));
    this.#select.value = sources.some(({ source }) => source === chosen)
      ? chosen
      : this.#current.source;
    this.#showSwitch();
  }

  /** @param {string} note What is in progress; empty when it is done. */
  #setBusy(note) {
    this.#busy = note !== "";
    if (this.#busy) setText(this.#note, note);
    this.#showSwitch();
  }

  #showSwitch() {
    const chosen = this.#select.value;
    const isOfUse = chosen !== "" && chosen !== this.#current.source;
    disable(this.#switch, this.#busy || !isOfUse, this.#select);
  }
}
