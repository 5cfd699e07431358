import { byId, setText } from "../dom.js";
import { momentText, recordingUrl } from "./recording_text.js";

/** The dialog that plays a recording. */
export class RecordingPlayer {
  #dialog = byId("recording-player", HTMLDialogElement);
  #title = byId("recording-player-title", HTMLElement);
  #video = byId("recording-video", HTMLVideoElement);
  #problem = byId("recording-player-problem", HTMLElement);
  #download = byId("recording-player-download", HTMLAnchorElement);

  constructor() {
    this.#video.addEventListener("error", () => this.#problem.hidden = !this.#dialog.open);
    this.#dialog.addEventListener("close", () => {
      // Otherwise it would go on loading.
      this.#video.removeAttribute("src");
      this.#video.load();
    });
  }

  /**
   * @param {import("../../../src/live_messages.ts").ListedRecording} recording
   * @param {string} ticket
   */
  open({ name, at }, ticket) {
    const file = recordingUrl("file", name, ticket);
    setText(this.#title, momentText(at));
    this.#problem.hidden = true;
    this.#download.href = `${file}&download=1`;
    this.#video.src = file;
    this.#dialog.showModal();
    this.#video.focus();
    // Where browsers do not let it start by itself, the streamer does.
    this.#video.play().catch(() => {});
  }
}
