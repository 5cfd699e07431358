import { ask } from "../api.js";
import { element, setText } from "../dom.js";
import { loadStyle } from "../load_style.js";
import { pageLanguage, text } from "../text.js";
import { ClipProgress } from "./clip_progress.js";
import { LENGTHS, LONGEST_MS, movedMark, shortened, spanUntil, withinReach } from "./clip_span.js";
import { headed, segments } from "./segments.js";

/** @typedef {import("../../../src/live_messages.ts").Rewind} Rewind */
/** @typedef {import("../../../src/live_messages.ts").ClipFormat} ClipFormat */
/** @typedef {import("./clip_span.js").Span} Span */

/** @type {readonly ClipFormat[]} */
const FORMATS = ["mp4", "gif", "webp"];

/** How far the buttons move a mark. Seconds. */
const STEPS = [-10, -1, 1, 10];

/** The width of the frames above the marks: sharp enough for most screens. Pixels. */
const THUMBNAIL = 320;

/**
 * Loads the style of the dialog, and makes the dialog.
 *
 * @param {ConstructorParameters<typeof ClipDialog>[0]} options
 * @returns {Promise<ClipDialog>}
 */
export async function createClipDialog(options) {
  await loadStyle("css/clips.css");
  return new ClipDialog(options);
}

/** The dialog that makes a clip of what was on air. */
class ClipDialog {
  #dialog = element("dialog", "", "clip-dialog");
  #past;
  #wall;
  /** @type {ClipFormat} */
  #format = "mp4";
  #length = 30_000;
  /** @type {Span} */
  #span = { from: 0, to: 0 };
  #lengths;
  #formats;
  #marks;
  #make = element("button", text("watch.clip.make"), "primary");
  #progress;

  /**
   * @param {object} options
   * @param {() => Rewind | null} options.past What viewers can go back to.
   * @param {() => number} options.wall The server's wall time.
   */
  constructor({ past, wall }) {
    this.#past = past;
    this.#wall = wall;
    this.#lengths = segments(
      text("watch.clip.length"),
      LENGTHS.map((count) => ({ value: count * 1000, label: text("common.seconds", { count }) })),
      (length) => this.#chooseLength(length),
    );
    this.#formats = segments(
      text("watch.clip.format"),
      FORMATS.map((value) => ({ value, label: text(`watch.clip.format.${value}`) })),
      (format) => this.#chooseFormat(format),
    );
    this.#marks = {
      from: new Mark(text("watch.clip.from"), (by) => this.#move("from", by)),
      to: new Mark(text("watch.clip.to"), (by) => this.#move("to", by)),
    };
    this.#make.addEventListener("click", () => this.#start());
    const status = element("div", "", "clip-progress");
    this.#dialog.append(this.#form(status));
    document.body.append(this.#dialog);
    this.#progress = new ClipProgress({
      parent: status,
      ask,
      onBusy: (isBusy) => this.#setBusy(isBusy),
    });
  }

  /**
   * Opens it for a clip that ends now, or at a moment of the past.
   *
   * @param {{ at: number | null }} shown The wall time of the frame on the screen; `null` if it is live.
   */
  open({ at }) {
    if (this.#dialog.open) return;
    this.#progress.clear();
    this.#span = spanUntil(at ?? this.#wall(), this.#length, this.#reach());
    this.#show();
    this.#dialog.showModal();
    this.#make.focus();
  }

  /** What can be seen of the past. */
  #reach() {
    const now = this.#wall();
    const past = this.#past();
    return { from: past ? Math.max(past.since, now - past.seconds * 1000) : now, to: now };
  }

  /** @param {HTMLElement} status */
  #form(status) {
    const form = element("form");
    form.method = "dialog";
    const { heading, header } = headed(text("watch.clip"), "clip-heading");
    this.#dialog.setAttribute("aria-labelledby", heading.id);
    this.#make.type = "button";
    const marks = element("div", "", "clip-marks");
    marks.append(this.#marks.from.element, this.#marks.to.element);
    form.append(
      header,
      this.#lengths.element,
      marks,
      this.#formats.element,
      element("p", text("watch.clip.limits"), "hint"),
      this.#make,
      status,
    );
    return form;
  }

  /** @param {number} length Milliseconds. */
  #chooseLength(length) {
    this.#length = length;
    if (length > LONGEST_MS[this.#format]) this.#format = "mp4";
    this.#span = spanUntil(this.#span.to, length, this.#reach());
    this.#show();
  }

  /** @param {ClipFormat} format */
  #chooseFormat(format) {
    this.#format = format;
    this.#span = shortened(this.#span, LONGEST_MS[format]);
    this.#show();
  }

  /**
   * @param {"from" | "to"} mark
   * @param {number} by Milliseconds.
   */
  #move(mark, by) {
    this.#span = movedMark(this.#span, mark, by, LONGEST_MS[this.#format], this.#reach());
    this.#show();
  }

  #show() {
    const { from, to } = this.#span;
    // Marks are moved by whole seconds.
    this.#lengths.show(Math.round((to - from) / 1000) * 1000);
    this.#formats.show(this.#format);
    this.#marks.from.show(from);
    this.#marks.to.show(to);
    this.#progress.clear();
  }

  #start() {
    if (this.#make.getAttribute("aria-disabled") === "true") return;
    // The start may have gone out of reach meanwhile.
    this.#span = withinReach(this.#span, this.#reach());
    this.#show();
    const { from, to } = this.#span;
    this.#progress.start({ from: Math.round(from), to: Math.round(to), format: this.#format });
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    // A disabled button would lose the focus.
    this.#make.setAttribute("aria-disabled", String(isBusy));
  }
}

/** The start or the end of a clip: its time, its frame, and buttons that move it. */
class Mark {
  element = element("fieldset", "", "clip-mark");
  #time = element("output", "", "clip-time");
  #frame = element("img", "", "clip-frame");
  #shown = 0;

  /**
   * @param {string} label
   * @param {(by: number) => void} onMove Milliseconds.
   */
  constructor(label, onMove) {
    const steps = element("div", "", "clip-steps");
    steps.append(...STEPS.map((seconds) => {
      const shown = `${seconds < 0 ? "−" : "+"}${Math.abs(seconds)}`;
      const button = element("button", shown);
      button.type = "button";
      const count = Math.abs(seconds);
      const key = seconds < 0 ? "watch.clip.earlier" : "watch.clip.later";
      button.setAttribute("aria-label", `${label}: ${text(key, { count })}`);
      button.addEventListener("click", () => onMove(seconds * 1000));
      return button;
    }));
    this.#frame.alt = "";
    this.#frame.width = THUMBNAIL;
    this.#frame.addEventListener("load", () => this.#frame.hidden = false);
    this.#frame.addEventListener("error", () => this.#frame.hidden = true);
    this.element.append(element("legend", label), this.#frame, this.#time, steps);
  }

  /** @param {number} at Wall time. */
  show(at) {
    const rounded = Math.round(at);
    if (rounded === this.#shown) return;
    this.#shown = rounded;
    setText(this.#time, new Date(at).toLocaleTimeString(pageLanguage()));
    this.#frame.src = `snapshot?at=${rounded}&width=${THUMBNAIL}`;
  }
}
