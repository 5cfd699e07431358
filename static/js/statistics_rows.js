import { H264, qualityText } from "./quality_text.js";
import { text } from "./text.js";
import { durationText } from "./time_text.js";
import { bandwidthText, decimalText, delayText } from "./unit_text.js";

/** @typedef {import("../../src/live_messages.ts").Delivery} Delivery */
/** @typedef {import("../../src/live_messages.ts").Choices} Choices */

const API_NAMES = /** @type {const} */ ({ webcodecs: "WebCodecs", mediasource: "MediaSource" });

/**
 * Returns the statistics as pairs of a name and a value.
 *
 * @param {Delivery} delivery
 * @param {Choices} choices
 * @param {object} page
 * @param {number} page.painted Frames a second on the screen.
 * @param {number} page.width Pixels.
 * @param {number} page.height Pixels.
 * @param {import("./video/support.js").VideoPath | null} page.path How H.264 is played; `null` if JPEGs are shown.
 * @param {number | null} [page.behind] How far behind live the viewer has gone, in milliseconds; `null` for live.
 * @returns {[name: string, value: string][]}
 */
export function statisticsRows(delivery, choices, page) {
  const { painted, width, height, path, behind = null } = page;
  const { fps, kbps, delay, dropped, changes } = delivery;
  const frames = { received: decimalText(fps, 1), shown: decimalText(painted, 1) };
  return [
    [text("watch.statistics.quality"), qualityText(delivery, choices)],
    [
      text("watch.statistics.codec"),
      path === null
        ? "JPEG"
        : text("watch.statistics.codecBy", { codec: H264, api: API_NAMES[path] }),
    ],
    [text("watch.statistics.picture"), `${width} × ${height}`],
    [text("watch.statistics.frames"), text("watch.statistics.framesValue", frames)],
    [text("watch.statistics.bandwidth"), bandwidthText(kbps)],
    [
      text("watch.statistics.delay"),
      behind !== null
        ? text("watch.rewind.behind", { time: durationText(behind) })
        : delay === null
        ? text("watch.statistics.unmeasured")
        : delayText(delay),
    ],
    [text("watch.statistics.skipped"), text("watch.statistics.skippedValue", { count: dropped })],
    [text("watch.statistics.changes"), String(changes)],
  ];
}
