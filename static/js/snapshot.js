/** @typedef {import("./choices.js").Choices} Choices */

/**
 * Saves a file on the viewer's device.
 *
 * @param {Blob} file
 * @param {string} name
 */
export function save(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // By then the browser has read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * Flashes the screen as a camera does, except for viewers who prefer reduced motion.
 *
 * @param {HTMLElement} screen
 */
export function flash(screen) {
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
