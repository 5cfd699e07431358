import { byId } from "./dom.js";
import { text } from "./text.js";

/**
 * Picture in picture. Such windows only take videos, so a video shows the canvas.
 */
export class PictureInPicture {
  #canvas;
  #onStart;
  #onChange;
  #onError;
  #button = byId("pip", HTMLButtonElement);
  /** @type {HTMLVideoElement | null} */
  #video = null;

  /**
   * @param {object} options
   * @param {HTMLCanvasElement} options.canvas
   * @param {() => void} options.onStart The canvas must be painted from now on.
   * @param {() => void} options.onChange It began, ended or failed.
   * @param {(message: string) => void} options.onError
   */
  constructor({ canvas, onStart, onChange, onError }) {
    this.#canvas = canvas;
    this.#onStart = onStart;
    this.#onChange = onChange;
    this.#onError = onError;
    // A stream shown by an image cannot be captured.
    const isPossible = document.pictureInPictureEnabled && "captureStream" in canvas;
    this.#button.hidden = !isPossible || canvas.hidden;
    this.#button.addEventListener("click", () => this.toggle());
  }

  get isOn() {
    return document.pictureInPictureElement !== null &&
      document.pictureInPictureElement !== undefined;
  }

  async toggle() {
    if (this.#button.hidden) return;
    try {
      if (this.isOn) await document.exitPictureInPicture();
      else await this.#enter();
    } catch {
      this.#onChange();
      this.#onError(text("watch.pip.refused"));
    }
  }

  async #enter() {
    this.#onStart();
    const video = this.#video ??= this.#createVideo();
    video.srcObject = this.#canvas.captureStream();
    await video.play();
    await video.requestPictureInPicture();
    this.#button.setAttribute("aria-pressed", "true");
    this.#onChange();
  }

  #createVideo() {
    const video = document.createElement("video");
    video.muted = true;
    video.playsInline = true;
    video.addEventListener("leavepictureinpicture", () => {
      const { srcObject } = video;
      if (srcObject instanceof MediaStream) {
        for (const track of srcObject.getTracks()) track.stop();
      }
      video.srcObject = null;
      this.#button.setAttribute("aria-pressed", "false");
      this.#onChange();
    });
    return video;
  }
}
