import { ClipProgress } from "../clips/clip_progress.js";
import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { momentText } from "./recording_text.js";

/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */

/** What is kept for a timelapse, and where the streamer has one made. */
export class TimelapsePanel {
  #absent = byId("timelapse-absent", HTMLElement);
  #panel = byId("timelapse-on", HTMLElement);
  #kept = byId("timelapse-kept", HTMLElement);
  #length = byId("timelapse-length", HTMLSelectElement);
  #make = byId("timelapse-make", HTMLButtonElement);
  #progress;
  #isBusy = false;
  #isEmpty = true;

  /** @param {import("./admin.js").Admin} admin */
  constructor(admin) {
    this.#progress = new ClipProgress({
      parent: byId("timelapse-progress", HTMLElement),
      ask: (path, body) => body ? admin.post(path, body) : admin.get(path),
      onBusy: (isBusy) => {
        this.#isBusy = isBusy;
        this.#showMake();
      },
    });
    byId("timelapse-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#isBusy || this.#isEmpty) return;
      this.#progress.start({ timelapse: Number(this.#length.value) });
    });
  }

  /** @param {StudioState} studio */
  show({ timelapse }) {
    this.#absent.hidden = timelapse !== null;
    this.#panel.hidden = timelapse === null;
    if (!timelapse) return;
    const { since, frames } = timelapse;
    setText(
      this.#kept,
      since === null
        ? text("studio.timelapse.none")
        : text("studio.timelapse.kept", { count: frames, since: momentText(since) }),
    );
    this.#isEmpty = frames === 0;
    this.#showMake();
  }

  #showMake() {
    // A disabled button would lose the focus.
    this.#make.setAttribute("aria-disabled", String(this.#isBusy || this.#isEmpty));
  }
}
