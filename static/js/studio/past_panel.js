import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { bytesText } from "../unit_text.js";
import { SavedValue } from "./saved_value.js";

/** @typedef {import("../../../src/live_messages.ts").ChannelState} ChannelState */
/** @typedef {import("../../../src/live_messages.ts").ClipRule} ClipRule */
/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */

/** Whether viewers can rewind, how much is kept for that, and who may make clips of it. */
export class PastPanel {
  #absent = byId("rewind-absent", HTMLElement);
  #panel = byId("rewind-on", HTMLElement);
  #box = byId("rewind-switch", HTMLInputElement);
  #kept = byId("rewind-kept", HTMLElement);
  #clips = byId("clip-rule", HTMLSelectElement);
  #clock;
  #on;
  #rule;
  /** @type {ChannelState["rewind"]} */
  #rewind = null;

  /**
   * @param {object} options
   * @param {import("./act.js").Act} options.act
   * @param {Pick<import("../clock.js").Clock, "wall">} options.clock The server's.
   */
  constructor({ act, clock }) {
    this.#clock = clock;
    this.#on = new SavedValue({
      initial: true,
      send: async (on) =>
        await act("admin/rewind", { on }, text("studio.rewind.unchanged")) !== null,
      onChange: () => this.#box.checked = this.#on.wanted,
    });
    this.#box.addEventListener("change", () => this.#on.choose(this.#box.checked));
    this.#rule = new SavedValue({
      initial: /** @type {ClipRule} */ ("everyone"),
      send: async (who) =>
        await act("admin/clips", { who }, text("studio.clips.unchanged")) !== null,
      onChange: () => this.#clips.value = this.#rule.wanted,
    });
    this.#clips.addEventListener(
      "change",
      () => this.#rule.choose(/** @type {ClipRule} */ (this.#clips.value)),
    );
  }

  /** @param {ChannelState} state */
  showChannel({ rewind, clips }) {
    this.#rewind = rewind;
    this.#rule.receive(clips);
  }

  /** @param {StudioState} studio */
  show({ rewind }) {
    this.#absent.hidden = rewind !== null;
    this.#panel.hidden = rewind === null;
    if (!rewind) return;
    this.#on.receive(rewind.on);
    this.#box.checked = this.#on.wanted;
    setText(
      this.#kept,
      text(rewind.on ? "studio.rewind.kept" : "studio.rewind.off", {
        seconds: this.#seconds,
        size: bytesText(rewind.bytes),
        most: bytesText(rewind.maxBytes),
      }),
    );
  }

  /** How far back viewers can go. */
  get #seconds() {
    if (!this.#rewind) return 0;
    const { since, seconds } = this.#rewind;
    return Math.max(0, Math.min(seconds, Math.floor((this.#clock.wall() - since) / 1000)));
  }
}
