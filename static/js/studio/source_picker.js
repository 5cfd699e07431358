import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { onPress } from "./press.js";
import { SourceChoice } from "./source_choice.js";
import { bandwidthText, decimalText } from "../unit_text.js";

/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */
/** @typedef {import("./act.js").Act} Act */
/** @typedef {import("./admin.js").Admin} Admin */

/** The choice of the source: one of the cameras found, or the source given at start. */
export class SourcePicker {
  #note = byId("source-note", HTMLElement);
  #choice;

  /**
   * @param {object} options
   * @param {Admin} options.admin
   * @param {Act} options.act
   * @param {(message: string) => void} options.onError
   */
  constructor({ admin, act, onError }) {
    this.#choice = new SourceChoice({
      form: byId("source-form", HTMLFormElement),
      select: byId("source", HTMLSelectElement),
      button: byId("source-switch", HTMLButtonElement),
      list: async () => {
        setText(this.#note, text("studio.source.looking"));
        try {
          return (await admin.get("admin/sources")).sources;
        } catch (error) {
          const { message } = /** @type {Error} */ (error);
          onError(text("studio.source.notListed", { reason: message }));
          return null;
        }
      },
      switchTo: async ({ source, name }) => {
        setText(this.#note, text("studio.source.switching", { name }));
        return await act("admin/source", { source }, text("studio.source.notSwitched")) !== null;
      },
    });
    onPress(byId("source-refresh", HTMLElement), () => this.look());
  }

  /** Loads the list of sources. */
  look() {
    return this.#choice.look();
  }

  /** @param {StudioState} studio */
  show({ source, sourceName, reason, captured: { width, height, fps, kbps } }) {
    this.#choice.show({ source, name: sourceName });
    if (this.#choice.isBusy) return;
    // The desk says why there is no picture.
    if (reason !== null) return setText(this.#note, "");
    const size = width > 0 ? `${width} × ${height} · ` : "";
    setText(this.#note, `${size}${decimalText(fps, 0)} fps · ${bandwidthText(kbps)}`);
  }
}
