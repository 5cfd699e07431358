import { byId } from "./dom.js";

/** @typedef {import("./choices.js").Choices} Choices */

/** The buttons for mode, quality and filter, and the quality of the picture now. */
export class ChoicesView {
  #form = byId("settings", HTMLFormElement);
  #meter = byId("now", HTMLElement);
  #value = byId("now-value", HTMLElement);
  #given = byId("given", HTMLElement);

  constructor() {
    this.#meter.hidden = false;
    this.#given.hidden = false;
    this.#value.textContent = "–";
  }

  /** The choices that the server filled into the page. */
  get initial() {
    const { mode, quality, filter } = this.#form.dataset;
    return /** @type {Choices} */ ({ mode, quality, filter });
  }

  /** The quality levels that the server offers, in the order of their buttons. */
  get qualities() {
    /** @type {NodeListOf<HTMLButtonElement>} */
    const buttons = this.#form.querySelectorAll("button[name=quality]");
    return Array.from(buttons, ({ value, textContent }) => ({ name: value, label: textContent }));
  }

  /** @param {Choices["quality"]} quality */
  labelOf(quality) {
    return this.qualities.find(({ name }) => name === quality)?.label ?? quality;
  }

  /** @param {(change: Partial<Choices>) => void} choose */
  onChoice(choose) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = /** @type {HTMLButtonElement} */ (event.submitter);
      choose(/** @type {Partial<Choices>} */ ({ [button.name]: button.value }));
    });
  }

  /** @param {Choices} choices */
  show(choices) {
    for (const [name, value] of Object.entries(choices)) this.#form.dataset[name] = value;
    for (const button of this.#form.querySelectorAll("button")) {
      if (!button.name) continue;
      const chosen = choices[/** @type {keyof Choices} */ (button.name)] === button.value;
      button.setAttribute("aria-pressed", String(chosen));
      if (button.name === "quality") button.disabled = choices.mode === "gaming";
    }
  }

  /** @param {string} quality Quality of the picture on the screen: `source` or 1..100. */
  showQuality(quality) {
    const given = quality === "source" ? 100 : Number(quality);
    if (this.#meter.getAttribute("aria-valuenow") === String(given)) return;
    this.#meter.setAttribute("aria-valuenow", String(given));
    const text = quality === "source" ? "100, original" : quality;
    this.#meter.setAttribute("aria-valuetext", text);
    this.#meter.style.setProperty("--given", String(given / 100));
    this.#value.textContent = String(given);
  }

  /** @param {string} text The quality and its reason. */
  showGiven(text) {
    if (this.#given.textContent !== text) this.#given.textContent = text;
  }
}
