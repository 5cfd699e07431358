import { byId } from "./dom.js";
import { saveFile } from "./save_file.js";
import { text } from "./text.js";

/** @typedef {import("./choices.js").Choices} Choices */
/** @typedef {import("./player.js").Drawable} Drawable */

/**
 * Saves the picture on the screen, and says so.
 *
 * @param {object} options
 * @param {Drawable} options.screen
 * @param {import("./notices.js").Notices} options.notices
 * @param {string} options.quality `source` or 1..100.
 * @param {Choices["filter"]} options.filter
 * @param {Date} [options.at] When it was captured.
 */
export async function takeSnapshot({ screen, notices, quality, filter, at = new Date() }) {
  const picture = await pictureOf(screen);
  if (!picture) return notices.error(text("watch.snapshot.missing"));
  saveFile(picture, snapshotName({ title: document.title, at, quality, filter }));
  flash(byId("screen", HTMLElement));
  notices.success(text("watch.snapshot.saved"));
}

/**
 * Returns what is on the screen as a JPEG: the server's, if it is one; `null` if nothing is.
 *
 * @param {Drawable} screen
 * @returns {Promise<Blob | null>}
 */
export async function pictureOf(screen) {
  const received = await screen.received();
  const { width, height } = screen.size;
  if (received || width === 0) return received;
  const copy = Object.assign(document.createElement("canvas"), { width, height });
  screen.draw(/** @type {CanvasRenderingContext2D} */ (copy.getContext("2d")));
  return await new Promise((resolve) => copy.toBlob(resolve, "image/jpeg", 0.92));
}

/**
 * Flashes the screen as a camera does, except for viewers who prefer reduced motion.
 *
 * @param {HTMLElement} screen
 */
function flash(screen) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const duration = 400;
  screen.animate([{ background: "#fff" }, { background: "#fff" }], { duration });
  for (const picture of screen.getElementsByClassName("picture")) {
    picture.animate([{ opacity: 0.1 }, { opacity: 1 }], { duration });
  }
}

/**
 * Returns the file name of a snapshot: `Bird_box_2026-11-22_14.05.09_q50_sepia.jpg`.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {Date} options.at
 * @param {string} options.quality `source` or 1..100.
 * @param {Choices["filter"]} options.filter
 */
export function snapshotName({ title, at, quality, filter }) {
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  const time = [two(at.getHours()), two(at.getMinutes()), two(at.getSeconds())].join(".");
  const words = title.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_|_$/g, "").slice(0, 60);
  const parts = [words || "Livestream", date, time];
  if (quality !== "source") parts.push(`q${quality}`);
  if (filter !== "none") parts.push(filter);
  return `${parts.join("_")}.jpg`;
}
