import { byId, setText } from "../dom.js";
import { shortcutOf } from "../shortcuts.js";
import { text } from "../text.js";
import { SavedValue } from "./saved_value.js";

/** @typedef {import("../shortcuts.js").Shortcut} Shortcut */

/** @type {readonly Shortcut[]} */
const SHORTCUTS = [{ action: "mute", keys: ["M"] }];

/**
 * The button, and the key, that mute the sound for everyone. It says "muted" only when the server does: until then the
 * streamer can be heard.
 */
export class MuteButton {
  #button = byId("mute", HTMLButtonElement);
  #label = byId("mute-label", HTMLElement);
  #problem = byId("mute-problem", HTMLElement);
  #value;
  #isOff = true;

  /**
   * @param {object} options
   * @param {(muted: boolean) => Promise<void>} options.send Rejects if the server did not take it.
   * @param {(text: string) => void} options.announce
   */
  constructor({ send, announce }) {
    this.#value = new SavedValue({
      initial: false,
      send: async (muted) => {
        try {
          await send(muted);
        } catch (error) {
          this.#showProblem(muted, /** @type {Error} */ (error).message);
          return false;
        }
        announce(muted ? text("studio.sound.muted") : text("studio.sound.unmuted"));
        return true;
      },
      onChange: () => this.#show(),
    });
    byId("mute-key", HTMLElement).textContent = SHORTCUTS[0].keys[0];
    this.#button.addEventListener("click", () => this.#toggle());
    document.addEventListener("keydown", (event) => {
      if (this.#isOff || !shortcutOf(SHORTCUTS, event, document.activeElement)) return;
      event.preventDefault();
      this.#toggle();
    });
    this.#show();
  }

  /** @param {{ state: string, muted: boolean }} sound */
  receive({ state, muted }) {
    this.#isOff = state === "off";
    if (muted !== this.#value.saved) this.#problem.hidden = true;
    this.#value.receive(muted);
  }

  #toggle() {
    this.#problem.hidden = true;
    this.#value.choose(!this.#value.wanted);
  }

  /**
   * @param {boolean} muted What did not happen.
   * @param {string} why
   */
  #showProblem(muted, why) {
    const what = text(muted ? "studio.sound.mute.failed" : "studio.sound.unmute.failed");
    this.#problem.hidden = false;
    setText(this.#problem, text("common.because", { what, why }));
  }

  #show() {
    const { saved, wanted } = this.#value;
    this.#button.setAttribute("aria-pressed", String(saved));
    this.#button.dataset.waiting = String(wanted !== saved);
    setText(this.#label, labelOf(saved, wanted));
  }
}

/**
 * @param {boolean} saved
 * @param {boolean} wanted
 */
function labelOf(saved, wanted) {
  if (saved === wanted) return text(saved ? "studio.sound.muted" : "studio.sound.mute");
  return text(wanted ? "studio.sound.muting" : "studio.sound.unmuting");
}
