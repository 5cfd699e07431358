import { element, setText } from "../dom.js";
import { text } from "../text.js";
import { durationText } from "../time_text.js";
import { Thumbnails } from "./thumbnails.js";
import { placeOf, timeAt } from "./time_range.js";

/** @typedef {import("./transport.js").Transport} Transport */
/** @typedef {Pick<Transport, "isPast" | "paused" | "speed" | "range" | "at">} Shown */

/** How far the keys of the slider go. Milliseconds. @type {Readonly<Record<string, number>>} */
const STEPS = {
  arrowleft: -5000,
  arrowdown: -5000,
  arrowright: 5000,
  arrowup: 5000,
  pagedown: -30_000,
  pageup: 30_000,
};

/** While the viewer drags the knob, the picture follows so often. Milliseconds. */
const DRAG_MS = 150;

/** The thumbnail under a pointer that rests is replaced once it is so much older than that place. Milliseconds. */
const STALE_MS = 10_000;

/** The bar over the picture on which the viewer goes to another time. */
export class Bar {
  #transport;
  #now;
  /** The bar, to be put on the page. */
  box = element("div", "", "rewind");
  #track = element("div", "", "rewind-track");
  #time = element("span", "", "rewind-time");
  #speed = element("button", "", "rewind-speed");
  #live = element("button", text("watch.badge.live"), "rewind-live");
  #preview = element("div", "", "rewind-preview");
  #previewTime = element("span");
  /** @type {Thumbnails<HTMLImageElement>} */
  #thumbnails;
  /** Where on the track the pointer is, 0..1; `null` if it is not there. @type {number | null} */
  #pointed = null;
  /** The time there when the thumbnail was chosen. */
  #pointedAt = 0;
  #isDragged = false;
  #soughtAt = -Infinity;

  /**
   * @param {object} options
   * @param {Transport} options.transport
   * @param {() => number} [options.now] Monotonic time, in milliseconds.
   */
  constructor({ transport, now = () => performance.now() }) {
    this.#transport = transport;
    this.#now = now;
    this.#thumbnails = new Thumbnails({
      load: (at, done) =>
        Object.assign(new Image(), {
          alt: "",
          onload: () => done(true),
          onerror: () => done(false),
          src: `snapshot?at=${at}&width=160`,
        }),
      onLoad: () => this.#showPreview(),
    });
    this.#build();
    this.#followPointer();
    this.#track.addEventListener("keydown", (event) => this.#press(event));
  }

  /** Shows what the viewer watches, and the time that goes on. */
  show() {
    const { isPast, paused, speed, range, at } = this.#transport;
    const isLive = !isPast && !paused;
    const shownAt = this.#isDragged && this.#pointed !== null ? timeAt(range, this.#pointed) : at;
    const behind = isLive && !this.#isDragged ? 0 : range.to - shownAt;
    this.#track.style.setProperty("--place", placeOf(range, shownAt).toFixed(4));
    const time = `−${durationText(behind)}`;
    setText(this.#time, isLive && !this.#isDragged ? "" : time);
    setText(this.#speed, `${{ 1: "1", 0.5: "½", 0.25: "¼" }[speed || 1]}×`);
    this.#live.setAttribute("aria-pressed", String(isLive));
    this.#showValue(range, shownAt, behind);
    this.#showPreview();
  }

  /**
   * @param {import("./time_range.js").TimeRange} range
   * @param {number} at
   * @param {number} behind
   */
  #showValue({ from, to }, at, behind) {
    const value = behind < 1000
      ? text("watch.badge.live")
      : text("watch.rewind.behind", { time: durationText(behind) });
    const seconds = (/** @type {number} */ ms) => String(Math.round(ms / 1000));
    const values = {
      "aria-valuemin": seconds(from - to),
      "aria-valuemax": "0",
      "aria-valuenow": seconds(Math.max(from, at) - to),
      "aria-valuetext": value,
    };
    for (const [name, value] of Object.entries(values)) {
      // Screen readers read what is set again.
      if (this.#track.getAttribute(name) !== value) this.#track.setAttribute(name, value);
    }
  }

  #build() {
    const { box } = this;
    box.setAttribute("role", "toolbar");
    box.setAttribute("aria-label", text("watch.rewind"));
    const back = element("button", "−10 s", "rewind-back");
    /** @type {[button: HTMLButtonElement, title: string, act: () => void][]} */
    const buttons = [
      [back, text("watch.rewind.back"), () => this.#transport.move(-10_000)],
      [this.#speed, text("watch.rewind.speed"), () => this.#transport.cycleSpeed()],
      [this.#live, text("watch.cover.return"), () => this.#transport.live()],
    ];
    for (const [button, title, act] of buttons) {
      Object.assign(button, { type: "button", title });
      button.addEventListener("click", act);
    }
    back.setAttribute("aria-keyshortcuts", "J");
    this.#track.setAttribute("role", "slider");
    this.#track.setAttribute("aria-label", text("watch.rewind.time"));
    this.#track.tabIndex = 0;
    this.#track.append(element("span", "", "rewind-line"), element("span", "", "rewind-knob"));
    this.#preview.hidden = true;
    this.#preview.append(this.#previewTime);
    this.#track.append(this.#preview);
    box.append(back, this.#track, this.#time, this.#speed, this.#live);
  }

  #followPointer() {
    const track = this.#track;
    const point = (/** @type {PointerEvent} */ { clientX }) => {
      const { left, width } = track.getBoundingClientRect();
      this.#pointed = width > 0 ? Math.max(0, Math.min(1, (clientX - left) / width)) : 1;
      this.#pointedAt = timeAt(this.#transport.range, this.#pointed);
    };
    track.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      track.setPointerCapture(event.pointerId);
      this.#isDragged = true;
      this.#soughtAt = -Infinity;
      point(event);
      this.#drag();
    });
    track.addEventListener("pointermove", (event) => {
      point(event);
      if (this.#isDragged) this.#drag();
      else this.#showPreview();
    });
    track.addEventListener("pointerup", (event) => {
      if (!this.#isDragged) return;
      point(event);
      this.#soughtAt = -Infinity;
      this.#drag();
      this.#endPointing(event.pointerType === "touch");
    });
    track.addEventListener("pointercancel", () => this.#endPointing(true));
    track.addEventListener("pointerleave", () => {
      if (!this.#isDragged) this.#endPointing(true);
    });
  }

  #drag() {
    const now = this.#now();
    if (now - this.#soughtAt >= DRAG_MS && this.#pointed !== null) {
      this.#soughtAt = now;
      this.#transport.seek(timeAt(this.#transport.range, this.#pointed));
    }
    this.show();
  }

  /** @param {boolean} isGone Whether the pointer is not over the track any more. */
  #endPointing(isGone) {
    this.#isDragged = false;
    if (isGone) this.#pointed = null;
    this.show();
  }

  #showPreview() {
    const place = this.#pointed;
    this.#preview.hidden = place === null;
    if (place === null) return;
    const { range } = this.#transport;
    const at = timeAt(range, place);
    this.#preview.style.setProperty("--place", place.toFixed(4));
    setText(this.#previewTime, `−${durationText(range.to - at)}`);
    if (Math.abs(at - this.#pointedAt) > STALE_MS) this.#pointedAt = at;
    const image = this.#thumbnails.get(this.#pointedAt, range.to - range.from);
    // Until it comes, the one before stays.
    if (image && image !== this.#preview.firstChild) {
      this.#preview.replaceChildren(image, this.#previewTime);
    }
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    if (key in STEPS) this.#transport.move(STEPS[key]);
    else if (key === "home") this.#transport.seek(this.#transport.range.from);
    else if (key === "end") this.#transport.live();
    else return;
    event.preventDefault();
  }
}
