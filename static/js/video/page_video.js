import { showFiltered } from "./css_filter.js";
import { MediaSourcePlayer } from "./media_source_player.js";
import { PictureFilter } from "./picture_filter.js";

/** @typedef {import("../../../src/media/rendition.ts").Filter} Filter */
/** @typedef {import("../player.js").PictureInfo} PictureInfo */

/** Shows H.264 on the page: decoded frames on the canvas, or fragments as a video over it. */
export class PageVideo {
  #canvas;
  #context;
  #filter;
  #onShown;
  #onFailure;
  #filtered = new PictureFilter();
  /** Where MediaSource plays. @type {HTMLVideoElement | null} */
  #video = null;
  /** @type {MediaSourcePlayer | null} */
  #player = null;
  /** The JPEG painted last: what is older is not shown any more. */
  #bridged = 0;
  /** The frame of the video shown last. */
  #newest = 0;
  /** The newest frame received. @type {PictureInfo["received"]} */
  #received = null;
  #isOpen = false;

  /**
   * @param {object} options
   * @param {CanvasRenderingContext2D} options.context Of the canvas that shows the picture otherwise.
   * @param {() => Filter} options.filter What the viewer chose.
   * @param {(info: PictureInfo) => void} options.onShown The browser shows a frame of the video.
   * @param {() => void} options.onFailure This browser cannot play the stream.
   */
  constructor({ context, filter, onShown, onFailure }) {
    this.#canvas = context.canvas;
    this.#context = context;
    this.#filter = filter;
    this.#onShown = onShown;
    this.#onFailure = onFailure;
  }

  /** Whether the video covers the canvas. */
  get isOverCanvas() {
    return this.#video?.classList.contains("picture") ?? false;
  }

  /**
   * Paints a decoded frame on the canvas, which has its size.
   *
   * @param {VideoFrame} frame
   */
  paint(frame) {
    const { displayWidth: width, displayHeight: height } = frame;
    this.#filtered.draw(this.#context, { image: frame, width, height }, this.#filter());
  }

  /**
   * Plays a fragment.
   *
   * @param {import("./fragment_writer.js").Fragment} fragment
   * @param {PictureInfo} info
   */
  push(fragment, info) {
    this.#isOpen = true;
    this.#received = info.received;
    this.#player ??= this.#createPlayer();
    this.#player.push(fragment, info);
  }

  /**
   * Returns whether the video shows something newer.
   *
   * @param {PictureInfo} info Of a JPEG.
   */
  isNewerThan({ sequence }) {
    return this.#isOpen && this.isOverCanvas && sequence < this.#newest;
  }

  /**
   * Shows the canvas, where a JPEG was painted.
   *
   * @param {PictureInfo} info Of the JPEG.
   */
  bridge({ sequence }) {
    this.#bridged = sequence;
    this.#cover(false);
  }

  /** Stops. The last frame stays. */
  close() {
    this.#isOpen = false;
    this.#bridged = 0;
    this.#newest = 0;
    this.#player?.stop();
  }

  /**
   * Draws what the video shows, filling a canvas. Reading a video back is slow without a graphics card.
   *
   * @param {CanvasRenderingContext2D} context
   */
  draw(context) {
    const image = this.#video;
    if (!image) return;
    const { videoWidth: width, videoHeight: height } = image;
    this.#filtered.draw(context, { image, width, height }, this.#filter());
  }

  #createPlayer() {
    const video = this.#video = document.createElement("video");
    video.className = "video";
    video.muted = true;
    video.playsInline = true;
    video.disableRemotePlayback = true;
    video.setAttribute("aria-hidden", "true");
    this.#canvas.after(video);
    return new MediaSourcePlayer({
      video,
      onShown: (info, count) => this.#shown(info, count),
      onFailure: this.#onFailure,
    });
  }

  /**
   * @param {PictureInfo} info
   * @param {number} count Frames shown since the last one.
   * @returns {boolean} Whether every frame is needed.
   */
  #shown(info, count) {
    const video = this.#video;
    if (!video || !this.#isOpen || info.sequence < this.#bridged) return true;
    const canvas = this.#canvas;
    const { videoWidth: width, videoHeight: height } = video;
    // The layout and the statistics follow the canvas.
    if (canvas.width !== width || canvas.height !== height) {
      Object.assign(canvas, { width, height });
    }
    const isCss = showFiltered(video, this.#filter());
    if (!isCss) this.draw(this.#context);
    this.#cover(isCss);
    this.#newest = info.sequence;
    this.#onShown({ ...info, received: this.#received, count });
    return !isCss;
  }

  /** @param {boolean} isOver Whether the video covers the canvas. */
  #cover(isOver) {
    this.#video?.classList.toggle("picture", isOver);
  }
}
