import { byId, element, setText } from "./dom.js";
import { statisticsRows } from "./statistics_rows.js";
import { text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").Delivery} Delivery */
/** @typedef {import("../../src/live_messages.ts").Choices} Choices */

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
  /** How the frame on the screen was encoded. @type {import("./player.js").PictureInfo["codec"]} */
  #codec = "jpeg";
  #since = performance.now();

  toggle() {
    this.#panel.hidden = !this.#panel.hidden;
    this.#button.setAttribute("aria-pressed", String(!this.#panel.hidden));
    if (this.#rows.childElementCount === 0) {
      this.#show([[text("watch.statistics.quality"), text("watch.statistics.unmeasured")]]);
    }
  }

  /** @returns {boolean} Whether it was open. */
  close() {
    const open = !this.#panel.hidden;
    if (open) this.toggle();
    return open;
  }

  /**
   * Counts a painted frame.
   *
   * @param {Pick<import("./player.js").PictureInfo, "codec" | "count">} info
   */
  painted({ codec, count = 1 }) {
    this.#codec = codec;
    this.#painted += count;
  }

  /**
   * @param {Delivery} delivery
   * @param {Choices} choices
   * @param {import("./video/support.js").VideoPath | null} path How this page plays H.264.
   * @param {import("./sound/sound_player.js").SoundStatistics | null} [sound] `null` while none plays.
   * @param {number | null} [behind] How far behind live the viewer has gone, in milliseconds; `null` for live.
   */
  show(delivery, choices, path, sound = null, behind = null) {
    const now = performance.now();
    const painted = this.#painted * 1000 / (now - this.#since);
    this.#painted = 0;
    this.#since = now;
    if (delivery.delay !== null && behind === null) {
      this.#delays = [...this.#delays, delivery.delay].slice(-PLOTTED);
    }
    if (this.#panel.hidden) return;
    const { width, height } = this.#picture;
    const rows = statisticsRows(delivery, choices, {
      ...{ painted, width, height, behind },
      path: this.#codec === "h264" ? path : null,
    });
    this.#show([...rows, ...sound?.rows(delivery.delay) ?? []]);
    this.#draw();
  }

  /** @param {readonly [name: string, value: string][]} rows */
  #show(rows) {
    if (this.#rows.childElementCount !== rows.length * 2) {
      this.#rows.replaceChildren(...rows.flatMap(() => [element("dt"), element("dd")]));
    }
    const cells = this.#rows.children;
    rows.flat().forEach((cell, i) => setText(cells[i], cell));
  }

  #draw() {
    const context = this.#plot.getContext("2d");
    this.#plot.hidden = this.#delays.length < 2;
    if (!context || this.#plot.hidden) return;
    const { width, height } = this.#plot;
    const most = Math.max(100, ...this.#delays);
    const label = text("watch.statistics.plot", { most: Math.round(most) });
    this.#plot.setAttribute("aria-label", label);
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
