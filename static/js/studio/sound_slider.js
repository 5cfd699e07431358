import { byId, setText } from "../dom.js";
import { SavedValue } from "./saved_value.js";

/** A value is sent once the slider has rested for this long: keys move it in steps. Milliseconds. */
const REST_MS = 500;

/** A slider that sends its value when it rests. A double click resets it to 0. */
export class SoundSlider {
  #input;
  #output;
  #textOf;
  #value;

  /**
   * @param {object} options
   * @param {string} options.id The input's id; `<id>-value` is that of the output.
   * @param {(value: number) => string} options.textOf
   * @param {(value: number) => Promise<boolean>} options.send Must not reject.
   */
  constructor({ id, textOf, send }) {
    const input = this.#input = byId(id, HTMLInputElement);
    this.#output = byId(`${id}-value`, HTMLElement);
    this.#textOf = textOf;
    const value = this.#value = new SavedValue({
      initial: 0,
      send,
      onChange: () => this.#show(value.wanted),
    });
    input.addEventListener("input", () => this.#showText());
    /** @type {number | undefined} */
    let timer;
    input.addEventListener("change", () => {
      clearTimeout(timer);
      timer = setTimeout(() => value.choose(input.valueAsNumber), REST_MS);
    });
    input.addEventListener("dblclick", () => {
      clearTimeout(timer);
      value.choose(0);
    });
    this.#show(0);
  }

  /** @param {number} value What the server uses. */
  receive(value) {
    // Not while the streamer moves it.
    if (this.#input.valueAsNumber === this.#value.wanted) this.#value.receive(value);
  }

  /** @param {number} value */
  #show(value) {
    this.#input.value = String(value);
    this.#showText();
  }

  #showText() {
    const shown = this.#textOf(this.#input.valueAsNumber);
    setText(this.#output, shown);
    this.#input.setAttribute("aria-valuetext", shown);
  }
}
