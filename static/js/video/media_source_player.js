import { LagControl, TARGET_MS } from "./lag_control.js";
import { Repetition } from "./repetition.js";
import { mediaSource } from "./support.js";

/** @typedef {import("./fragment_writer.js").Fragment} Fragment */
/** @typedef {import("../player.js").PictureInfo} PictureInfo */

/** What is kept behind the picture, and when the rest is removed. Seconds. */
const KEPT = 3;
const MOST_KEPT = 10;

/**
 * Between looking at two frames that the browser shows. For each one that is looked at, it renders the whole page. Frames are
 * acknowledged every 100 ms.
 */
const PAUSE_MS = 60;

/** So many errors without a frame between them, and MediaSource is given up. */
const MAX_ERRORS = 3;

/** So many key packets without a frame that was shown: this browser cannot play the stream. */
const MAX_KEYS = 5;

/** Plays fragments with MediaSource, a fixed time behind the newest one. */
export class MediaSourcePlayer {
  #video;
  #onShown;
  #onFailure;
  #lag = new LagControl();
  /** @type {MediaSource | null} */
  #source = null;
  /** @type {SourceBuffer | null} */
  #buffer = null;
  /** To be appended. @type {{ mime: string | null, bytes: Uint8Array<ArrayBuffer> }[]} */
  #queue = [];
  /** What was appended last as the beginning. @type {Fragment["init"]} */
  #init = null;
  /** Frames not shown yet, oldest first. @type {{ time: number, duration: number, info: PictureInfo }[]} */
  #frames = [];
  #errors = 0;
  #keys = 0;
  /** What the browser had decoded and dropped with the last key packet. */
  #counted = { total: 0, dropped: 0 };
  /** That the browser dropped most frames between two key packets. */
  #losses = new Repetition();

  /**
   * @param {object} options
   * @param {HTMLVideoElement} options.video
   * @param {(info: PictureInfo, count: number) => boolean} options.onShown The browser shows a frame, and has shown so many
   *   since the last call. Returns whether to look at every frame.
   * @param {() => void} options.onFailure This browser cannot play the stream.
   */
  constructor({ video, onShown, onFailure }) {
    this.#video = video;
    this.#onShown = onShown;
    this.#onFailure = onFailure;
    video.addEventListener("error", () => this.#source && this.#failed());
    const follow = () => video.requestVideoFrameCallback(onFrame);
    const onFrame = (/** @type {number} */ _now, { mediaTime = 0 }) => {
      if (this.#shown(mediaTime)) follow();
      else setTimeout(follow, PAUSE_MS);
    };
    follow();
  }

  /**
   * @param {Fragment} fragment
   * @param {PictureInfo} info
   */
  push({ init, bytes, time, duration }, info) {
    if (init && (++this.#keys > MAX_KEYS || this.#isTooSlow())) return this.#onFailure();
    if (!this.#source) {
      if (!init) return;
      this.#begin();
    }
    if (init && !(this.#init && isSame(this.#init, init))) {
      this.#init = init;
      this.#queue.push(init);
    }
    this.#queue.push({ mime: null, bytes });
    this.#frames.push({ time, duration, info });
    this.#append();
  }

  /** Stops. The last frame stays. The next key packet begins anew. */
  stop() {
    this.#video.pause();
    this.#source = null;
    this.#buffer = null;
    this.#init = null;
    this.#queue = [];
    this.#frames = [];
    this.#keys = 0;
  }

  #begin() {
    const source = this.#source = new (/** @type {typeof MediaSource} */ (mediaSource()))();
    const url = URL.createObjectURL(source);
    source.addEventListener("sourceopen", () => {
      URL.revokeObjectURL(url);
      if (source !== this.#source || !this.#init) return;
      try {
        this.#buffer = source.addSourceBuffer(this.#init.mime);
      } catch {
        return this.#failed();
      }
      this.#buffer.addEventListener("updateend", () => {
        if (source !== this.#source) return;
        this.#steer();
        this.#append();
      });
      this.#append();
    }, { once: true });
    this.#video.src = url;
    this.#video.play().catch(({ name }) => {
      // A power-saving iPhone plays nothing by itself. Other reasons are a new source, or an error that is counted.
      if (name === "NotAllowedError") this.#onFailure();
    });
  }

  #append() {
    const buffer = this.#buffer;
    if (!buffer || buffer.updating || this.#source?.readyState !== "open") return;
    try {
      const next = this.#queue[0];
      if (!next) return this.#trim(buffer);
      if (next.mime) buffer.changeType(next.mime);
      // Up to the next change of the configuration.
      const rest = this.#queue.findIndex(({ mime }, i) => i > 0 && mime !== null);
      const pieces = this.#queue.splice(0, rest < 0 ? this.#queue.length : rest);
      buffer.appendBuffer(pieces.length === 1 ? next.bytes : joined(pieces));
    } catch {
      this.#failed();
    }
  }

  /** @param {SourceBuffer} buffer */
  #trim(buffer) {
    const { currentTime, buffered } = this.#video;
    if (buffered.length > 0 && currentTime - buffered.start(0) > MOST_KEPT) {
      buffer.remove(0, currentTime - KEPT);
    }
  }

  #steer() {
    const video = this.#video;
    const { buffered, currentTime } = video;
    if (buffered.length === 0) return;
    const last = buffered.length - 1;
    const end = buffered.end(last);
    const { rate, seeks } = this.#lag.steer(1000 * (end - currentTime), performance.now());
    if (currentTime < buffered.start(last)) video.currentTime = buffered.start(last);
    else if (seeks) video.currentTime = end - TARGET_MS / 1000;
    if (video.playbackRate !== rate) video.playbackRate = rate;
  }

  /**
   * @param {number} mediaTime When the frame that is shown now is on the timeline. Seconds.
   * @returns {boolean} Whether to look at the next frame.
   */
  #shown(mediaTime) {
    let shown = null;
    let count = 0;
    while (this.#frames.length > 0) {
      const { time, duration, info } = this.#frames[0];
      if (time > mediaTime + duration / 2) break;
      shown = info;
      count++;
      this.#frames.shift();
    }
    if (!shown) return true;
    this.#errors = 0;
    this.#keys = 0;
    return this.#onShown(shown, count);
  }

  /** Returns whether the device is too slow: again and again, it drops most frames. To be called once a key packet. */
  #isTooSlow() {
    const { totalVideoFrames: total, droppedVideoFrames: dropped } = this.#video
      .getVideoPlaybackQuality();
    const before = this.#counted;
    this.#counted = { total, dropped };
    // A new source counts from 0.
    const isLoss = total > before.total && dropped - before.dropped > (total - before.total) / 2;
    return isLoss && this.#losses.again();
  }

  #failed() {
    this.stop();
    this.#errors++;
    if (this.#errors >= MAX_ERRORS) this.#onFailure();
  }
}

/**
 * @param {NonNullable<Fragment["init"]>} a
 * @param {NonNullable<Fragment["init"]>} b
 */
function isSame(a, b) {
  return a.mime === b.mime && a.bytes.length === b.bytes.length &&
    a.bytes.every((byte, i) => byte === b.bytes[i]);
}

/** @param {readonly { bytes: Uint8Array<ArrayBuffer> }[]} pieces */
function joined(pieces) {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.bytes.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.bytes, at);
    at += piece.bytes.length;
  }
  return bytes;
}
