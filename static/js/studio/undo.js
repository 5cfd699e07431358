import { byId } from "../dom.js";
import { onPress } from "./press.js";

/** Long enough to read it and to reach the button. Milliseconds. */
const SHOWN_MS = 10_000;

/** Offers to undo what was just done. */
export class Undo {
  #toast = byId("undo", HTMLElement);
  #text = byId("undo-text", HTMLElement);
  #button = byId("undo-button", HTMLButtonElement);
  #announce;
  /** @type {() => Promise<unknown>} */
  #undo = () => Promise.resolve();
  /** @type {number | undefined} */
  #timer;

  /** @param {(text: string) => void} announce */
  constructor(announce) {
    this.#announce = announce;
    onPress(this.#button, async () => {
      await this.#undo();
      this.#toast.hidden = true;
    });
    // The toast must not vanish under the pointer or the focus.
    for (const event of ["pointerenter", "focusin"]) {
      this.#toast.addEventListener(event, () => clearTimeout(this.#timer));
    }
    for (const event of ["pointerleave", "focusout"]) {
      this.#toast.addEventListener(event, () => this.#hideLater());
    }
  }

  /**
   * @param {string} done What was done.
   * @param {() => Promise<unknown>} undo Must not reject.
   */
  offer(done, undo) {
    this.#undo = undo;
    this.#text.textContent = done;
    this.#toast.hidden = false;
    this.#announce(done);
    this.#hideLater();
  }

  #hideLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#toast.hidden = true, SHOWN_MS);
  }
}
