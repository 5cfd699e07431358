import { byId } from "./dom.js";

/** @typedef {import("./settings.js").Settings} Settings */

/** The buttons of mode, quality and filter, and what is given now. */
export class SettingsView {
  #form = byId("settings", HTMLFormElement);
  #meter = byId("now", HTMLElement);
  #value = byId("now-value", HTMLElement);
  #given = byId("given", HTMLElement);

  constructor() {
    this.#meter.hidden = false;
    this.#given.hidden = false;
    this.#value.textContent = "–";
  }

  /** What the server wrote into the page. */
  get initial() {
    const { mode, quality, filter } = this.#form.dataset;
    return /** @type {Settings} */ ({ mode, quality, filter });
  }

  /** @param {(change: Partial<Settings>) => void} choose */
  onChoice(choose) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = /** @type {HTMLButtonElement} */ (event.submitter);
      choose(/** @type {Partial<Settings>} */ ({ [button.name]: button.value }));
    });
  }

  /** @param {Settings} settings */
  show(settings) {
    for (const [name, value] of Object.entries(settings)) this.#form.dataset[name] = value;
    for (const button of this.#form.querySelectorAll("button")) {
      if (!button.name) continue;
      const chosen = settings[/** @type {keyof Settings} */ (button.name)] === button.value;
      button.setAttribute("aria-pressed", String(chosen));
      if (button.name === "quality") button.disabled = settings.mode === "gaming";
    }
  }

  /** @param {string} quality Of the picture on the screen: `source` or 1..100. */
  showQuality(quality) {
    const given = quality === "source" ? 100 : Number(quality);
    if (this.#meter.getAttribute("aria-valuenow") === String(given)) return;
    this.#meter.setAttribute("aria-valuenow", String(given));
    const text = quality === "source" ? "100, the camera's own picture" : quality;
    this.#meter.setAttribute("aria-valuetext", text);
    this.#meter.style.setProperty("--given", String(given / 100));
    this.#value.textContent = String(given);
  }

  /** @param {string} text What is given and why. */
  showGiven(text) {
    if (this.#given.textContent !== text) this.#given.textContent = text;
  }
}
