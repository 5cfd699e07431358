import { byId, element, setText } from "./dom.js";
import { statisticsRows } from "./quality_text.js";

/** @typedef {import("../../src/live_messages.ts").Delivery} Delivery */
/** @typedef {import("./quality_text.js").Chosen} Chosen */

/** Samples of half a minute, at two a second. */
const PLOTTED = 60;

/** The panel over the picture with figures about the stream and a plot of its delay. */
export class Statistics {
  #panel = byId("statistics", HTMLElement);
  #rows = byId("statistics-rows", HTMLElement);
  #plot = byId("statistics-plot", HTMLCanvasElement);
  #button = byId("show-statistics", HTMLButtonElement);
  #picture = byId("picture", HTMLCanvasElement);
  /** @type {number[]} Milliseconds, oldest first. */
  #delays = [];
  #painted = 0;
  #since = performance.now();

  toggle() {
    this.#panel.hidden = !this.#panel.hidden;
    this.#button.setAttribute("aria-pressed", String(!this.#panel.hidden));
    if (this.#rows.childElementCount === 0) this.#show([["Quality", "Not measured yet"]]);
  }

  /** @returns {boolean} Whether it was open. */
  close() {
    const open = !this.#panel.hidden;
    if (open) this.toggle();
    return open;
  }

  /** Counts a painted frame. */
  painted() {
    this.#painted++;
  }

  /**
   * @param {Delivery} delivery
   * @param {Chosen} chosen
   */
  show(delivery, chosen) {
    const now = performance.now();
    const painted = this.#painted * 1000 / (now - this.#since);
    this.#painted = 0;
    this.#since = now;
    if (delivery.delay !== null) this.#delays = [...this.#delays, delivery.delay].slice(-PLOTTED);
    if (this.#panel.hidden) return;
    const { width, height } = this.#picture;
    this.#show(statisticsRows(delivery, chosen, { painted, width, height }));
    this.#draw();
  }

  /** @param {readonly [name: string, value: string][]} rows */
  #show(rows) {
    if (this.#rows.childElementCount !== rows.length * 2) {
      this.#rows.replaceChildren(...rows.flatMap(() => [element("dt"), element("dd")]));
    }
    const cells = this.#rows.children;
    rows.flat().forEach((text, i) => setText(cells[i], text));
  }

  #draw() {
    const context = this.#plot.getContext("2d");
    this.#plot.hidden = this.#delays.length < 2;
    if (!context || this.#plot.hidden) return;
    const { width, height } = this.#plot;
    const most = Math.max(100, ...this.#delays);
    this.#plot.setAttribute("aria-label", `Delay of the last 30 s, at most ${Math.round(most)} ms`);
    context.clearRect(0, 0, width, height);
    context.fillStyle = "#b6bdd2";
    context.font = "10px sans-serif";
    context.fillText(`${Math.round(most)} ms`, 0, 9);
    context.strokeStyle = "#9d8dff";
    context.lineWidth = 1.5;
    context.beginPath();
    const step = width / (PLOTTED - 1);
    this.#delays.forEach((delay, i) => {
      const x = width - (this.#delays.length - 1 - i) * step;
      context.lineTo(x, height - 1 - delay / most * (height - 14));
    });
    context.stroke();
  }
}
