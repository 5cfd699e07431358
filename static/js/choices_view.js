import { byId, setText } from "./dom.js";
import { qualityText } from "./quality_text.js";
import { text } from "./text.js";

/** @typedef {import("./choices.js").Choices} Choices */
/** @typedef {import("../../src/live_messages.ts").Delivery} Delivery */

/** The buttons for mode, quality and filter, and the quality of the picture now. */
export class ChoicesView {
  #form = byId("settings", HTMLFormElement);
  #quality = byId("now", HTMLElement);
  #motion = byId("motion", HTMLElement);
  #given = byId("given", HTMLElement);

  constructor() {
    for (const shown of [this.#quality, this.#motion, this.#given]) shown.hidden = false;
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
    const percent = quality === "source" ? 100 : Number(quality);
    showMeter(this.#quality, percent, quality === "source" ? "watch.settings.original" : undefined);
  }

  /**
   * Shows the quality and its reason.
   *
   * @param {Delivery} delivery
   * @param {Choices} choices
   * @param {number | null} motion The intensity of motion, 0..1; `null` if it is not measured.
   */
  showDelivery(delivery, choices, motion) {
    setText(this.#given, qualityText(delivery, choices));
    // Somebody who waves changes a hundredth of the picture. The square root spreads such values over the bar.
    showMeter(this.#motion, Math.round(100 * Math.sqrt(motion ?? 0)));
  }
}

/**
 * @param {HTMLElement} meter
 * @param {number} percent
 * @param {import("../../src/page_text_key.ts").PageTextKey} [valueText] If it says more than the percentage.
 */
function showMeter(meter, percent, valueText = "common.quality.percent") {
  if (meter.getAttribute("aria-valuenow") === String(percent)) return;
  meter.setAttribute("aria-valuenow", String(percent));
  meter.setAttribute("aria-valuetext", text(valueText, { percent }));
  meter.style.setProperty("--level", String(percent / 100));
  const [value] = meter.getElementsByClassName("now-value");
  value.textContent = String(percent);
}
