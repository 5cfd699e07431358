import { byId } from "../dom.js";
import { text } from "../text.js";
import { SourceChoice } from "./source_choice.js";

/** @typedef {import("../../../src/live_messages.ts").StudioSound} StudioSound */
/** @typedef {import("./source_choice.js").Source} Source */

/** Opening a list twice within this time does not load it again. Milliseconds. */
const FRESH_MS = 2000;

/** The choice of the source of sound. It lists the microphones whenever the streamer opens it. */
export class SoundSource {
  #choice;
  #lookedAt = -Infinity;

  /**
   * @param {object} options
   * @param {() => Promise<{ sources: readonly Source[] }>} options.list
   * @param {(source: string) => Promise<boolean>} options.switchTo Must not reject.
   * @param {(message: string) => void} options.onError
   */
  constructor({ list, switchTo, onError }) {
    const select = byId("sound-source", HTMLSelectElement);
    this.#choice = new SourceChoice({
      form: byId("sound-form", HTMLFormElement),
      select,
      button: byId("sound-switch", HTMLButtonElement),
      list: async () => {
        try {
          return (await list()).sources.map(named);
        } catch (error) {
          const { message } = /** @type {Error} */ (error);
          onError(text("studio.sound.notListed", { reason: message }));
          return null;
        }
      },
      switchTo: ({ source }) => switchTo(source),
    });
    for (const event of ["focus", "pointerdown"]) {
      select.addEventListener(event, () => this.#look());
    }
  }

  /** @param {Pick<StudioSound, "source" | "sourceName">} sound */
  show({ source, sourceName }) {
    this.#choice.show(named({ source, name: sourceName || source }));
  }

  #look() {
    const now = performance.now();
    if (now - this.#lookedAt < FRESH_MS) return;
    this.#lookedAt = now;
    this.#choice.look();
  }
}

/**
 * Returns a source with its name in the page's language, if it has one there.
 *
 * @param {Source} source
 * @returns {Source}
 */
function named({ source, name }) {
  if (source === "off") return { source, name: text("studio.sound.off") };
  if (source === "auto") return { source, name: text("studio.sound.auto") };
  return { source, name };
}
