import { setText } from "../dom.js";
import { text } from "../text.js";
import { partOf } from "./keyed_list.js";
import { roundUp, Samples } from "./samples.js";

const SPAN_MS = 10 * 60 * 1000;
/** The line breaks between samples further apart than this. Milliseconds. */
const GAP_MS = 6000;
/** CSS pixels. */
const HEIGHT = 118;
const TOP = 8;
const BOTTOM = 20;
const AXIS = 8;
/** Room for half the width of a line. */
const RIGHT = 2;

/** Plots a value over the last ten minutes. */
export class Plot {
  #figure;
  #canvas;
  #context;
  #format;
  #least;
  #steps;
  #unknown;
  #samples = new Samples(SPAN_MS);
  #isDue = false;

  /**
   * @param {HTMLElement} figure
   * @param {object} options
   * @param {(value: number) => string} options.format Formats a value with its unit.
   * @param {number} options.least The least upper end of the axis.
   * @param {readonly number[]} [options.steps] The round numbers at which the axis may end. Their halves are labelled, too.
   * @param {string} [options.unknown] Shown while there are no values.
   */
  constructor(figure, { format, least, steps = [1, 2, 5], unknown = "" }) {
    this.#figure = figure;
    this.#canvas = /** @type {HTMLCanvasElement} */ (partOf(figure, "canvas"));
    this.#context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    this.#format = format;
    this.#least = least;
    this.#steps = steps;
    this.#unknown = unknown;
    this.#canvas.setAttribute("aria-label", text("studio.plot.unmeasured", { name: this.#name }));
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  get #name() {
    return partOf(this.#figure, "h3").textContent ?? "";
  }

  /**
   * Replaces all values.
   *
   * @param {readonly import("./samples.js").Sample[]} samples Oldest first.
   */
  restore(samples) {
    this.#samples = new Samples(SPAN_MS);
    for (const { at, value } of samples) this.#samples.add(at, value);
    const last = samples.at(-1);
    if (last) this.#show(last.value);
  }

  /**
   * @param {number} at Milliseconds.
   * @param {number | null} value
   */
  add(at, value) {
    this.#samples.add(at, value);
    this.#show(value);
  }

  /** @param {number | null} value The newest one. */
  #show(value) {
    const now = value === null ? "–" : this.#format(value);
    setText(partOf(this.#figure, ".plot-now"), now);
    const values = { name: this.#name, now, most: this.#format(this.#samples.highest) };
    const label = value === null
      ? text("studio.plot.unknown", values)
      : text("studio.plot.label", values);
    this.#canvas.setAttribute("aria-label", label);
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#isDue = false;
    const canvas = this.#canvas;
    const width = canvas.clientWidth;
    if (width === 0) return;
    const ratio = devicePixelRatio;
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(HEIGHT * ratio)];
    if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
      canvas.width = pixelWidth;
      canvas.height = pixelHeight;
    }
    const context = this.#context;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, HEIGHT);
    const top = roundUp(Math.max(this.#least, this.#samples.highest), this.#steps);
    const style = getComputedStyle(canvas);
    const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    context.font = `600 11px ${style.fontFamily}`;
    this.#drawAxes(width, top, { line: color("--line"), label: color("--muted") });
    this.#drawLine(width, top, color("--plot"));
  }

  /**
   * @param {number} width
   * @param {number} top
   * @param {{ line: string, label: string }} colors
   */
  #drawAxes(width, top, { line, label }) {
    const context = this.#context;
    context.strokeStyle = line;
    context.fillStyle = label;
    context.lineWidth = 1;
    const left = this.#left(top);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const part of [0, 0.5, 1]) {
      const y = Math.round(yOf(part)) + 0.5;
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(width, y);
      context.stroke();
      context.fillText(this.#label(top * part), left - AXIS, y);
    }
    context.textBaseline = "alphabetic";
    const baseline = HEIGHT - 3;
    context.textAlign = "left";
    context.fillText(text("studio.plot.start"), left, baseline);
    context.textAlign = "right";
    context.fillText(text("studio.plot.end"), width, baseline);
    if (this.#samples.all.some(({ value }) => value !== null)) return;
    context.textAlign = "center";
    context.fillText(this.#unknown, (left + width) / 2, yOf(0.25) + 4);
  }

  /**
   * @param {number} width
   * @param {number} top
   * @param {string} color
   */
  #drawLine(width, top, color) {
    const samples = this.#samples.all;
    const last = samples.at(-1)?.at ?? 0;
    const left = this.#left(top);
    const xOf = (/** @type {number} */ at) =>
      width - RIGHT - (last - at) / SPAN_MS * (width - RIGHT - left);
    const context = this.#context;
    context.strokeStyle = color;
    context.fillStyle = color;
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.lineCap = "round";
    for (const run of runsOf(samples)) {
      context.beginPath();
      // This draws a single sample as a dot.
      context.moveTo(xOf(run[0].at), yOf((run[0].value ?? 0) / top));
      for (const { at, value } of run) context.lineTo(xOf(at), yOf((value ?? 0) / top));
      context.stroke();
      context.lineTo(xOf(run[run.length - 1].at), yOf(0));
      context.lineTo(xOf(run[0].at), yOf(0));
      context.globalAlpha = 0.16;
      context.fill();
      context.globalAlpha = 1;
    }
  }

  /**
   * Formats a value for the axis, as short as possible.
   *
   * @param {number} value
   */
  #label(value) {
    return value === 0 ? "0" : this.#format(value).replace(/\.0(?=\D)/, "");
  }

  /**
   * Returns where the plot begins, right of the labels.
   *
   * @param {number} top
   */
  #left(top) {
    const labels = [0, top / 2, top].map((value) => this.#label(value));
    const widths = labels.map((label) => this.#context.measureText(label).width);
    return Math.ceil(Math.max(...widths)) + AXIS;
  }
}

/** @param {number} part Position on the axis, 0..1. */
function yOf(part) {
  return TOP + (1 - part) * (HEIGHT - TOP - BOTTOM);
}

/**
 * Returns the runs of samples with known values.
 *
 * @param {readonly import("./samples.js").Sample[]} samples
 * @returns {import("./samples.js").Sample[][]} Not empty.
 */
export function runsOf(samples) {
  /** @type {import("./samples.js").Sample[][]} */
  const runs = [];
  let before = -Infinity;
  for (const sample of samples) {
    if (sample.value === null) {
      before = -Infinity;
      continue;
    }
    if (sample.at - before > GAP_MS) runs.push([]);
    runs[runs.length - 1].push(sample);
    before = sample.at;
  }
  return runs;
}
