import { element } from "../dom.js";
import { disable } from "./press.js";

/** @typedef {{ source: string, name: string }} Source */

/** A list of sources, and the button that switches to the chosen one. */
export class SourceChoice {
  #select;
  #switch;
  #list;
  #switchTo;
  /** @type {readonly Source[]} */
  #sources = [];
  /** @type {Source} */
  #current = { source: "", name: "" };
  #isBusy = false;

  /**
   * @param {object} options
   * @param {HTMLFormElement} options.form
   * @param {HTMLSelectElement} options.select
   * @param {HTMLButtonElement} options.button
   * @param {() => Promise<readonly Source[] | null>} options.list Must not reject; `null` if it failed.
   * @param {(source: Source) => Promise<boolean>} options.switchTo Must not reject; `false` if it failed.
   */
  constructor({ form, select, button, list, switchTo }) {
    this.#select = select;
    this.#switch = button;
    this.#list = list;
    this.#switchTo = switchTo;
    select.addEventListener("change", () => this.#showSwitch());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#switchToChosen();
    });
  }

  /** Whether a list is loading, or a switch is in progress. */
  get isBusy() {
    return this.#isBusy;
  }

  /** Loads the list of sources. */
  async look() {
    if (this.#isBusy) return;
    this.#setBusy(true);
    this.#sources = await this.#list() ?? this.#sources;
    this.#setBusy(false);
    this.#showOptions();
  }

  /** @param {Source} current What the server uses. */
  show(current) {
    const { source, name } = this.#current;
    if (current.source === source && current.name === name) return;
    const wasChosen = this.#select.value === source;
    this.#current = current;
    this.#showOptions();
    if (wasChosen) this.#select.value = current.source;
    this.#showSwitch();
  }

  async #switchToChosen() {
    const source = this.#select.value;
    if (this.#isBusy || source === this.#current.source) return;
    const name = this.#select.selectedOptions[0]?.textContent ?? source;
    this.#setBusy(true);
    const done = await this.#switchTo({ source, name });
    this.#setBusy(false);
    if (done) this.#current = { source, name };
    this.#select.value = this.#current.source;
    this.#showSwitch();
  }

  #showOptions() {
    const chosen = this.#select.value || this.#current.source;
    const isKnown = this.#sources.some(({ source }) => source === this.#current.source);
    const sources = isKnown || !this.#current.source
      ? this.#sources
      : [this.#current, ...this.#sources];
    // An open list would close, or lose its place.
    if (!isShown(sources, this.#select.options)) {
      this.#select.replaceChildren(...sources.map(({ source, name }) => {
        const option = element("option", name);
        option.value = source;
        return option;
      }));
    }
    this.#select.value = sources.some(({ source }) => source === chosen)
      ? chosen
      : this.#current.source;
    this.#showSwitch();
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.#isBusy = isBusy;
    this.#showSwitch();
  }

  #showSwitch() {
    const chosen = this.#select.value;
    const isOfUse = chosen !== "" && chosen !== this.#current.source;
    disable(this.#switch, this.#isBusy || !isOfUse, this.#select);
  }
}

/**
 * @param {readonly Source[]} sources
 * @param {HTMLOptionsCollection} options
 */
function isShown(sources, options) {
  return sources.length === options.length &&
    sources.every(({ source, name }, i) =>
      options[i].value === source && options[i].textContent === name
    );
}
