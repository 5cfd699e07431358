/** @typedef {import("../../src/live_messages.ts").Delivery} Delivery */
/** @typedef {import("../../src/live_messages.ts").Choices} Choices */

const CHOICES = { high: "High", medium: "Medium", low: "Low" };

/** Why, as it stands behind a quality. */
const REASONS = {
  motion: "follows the motion",
  link: "your link",
  uplink: "shared uplink",
  reader: "as many frames as your device takes",
};

const SIZES = { 1: "full size", 0.5: "half size", 0.25: "quarter size", 0.125: "eighth size" };

/**
 * The size of what a viewer is given: `half size`.
 *
 * @param {Delivery["scale"]} scale
 */
export function sizeText(scale) {
  return SIZES[scale];
}

/**
 * What a viewer is given and why, in a few words: `High · camera's own picture`, `Quality 35 · your link`.
 *
 * @param {Pick<Delivery, "quality" | "scale" | "why">} delivery
 * @param {Choices} settings
 */
export function qualityText({ quality, scale, why }, { mode, quality: choice, filter }) {
  const size = scale === 1 ? "" : `, ${sizeText(scale)}`;
  if (why !== "chosen") {
    const given = quality === "source" ? "Full quality" : `Quality ${quality}`;
    return `${given}${size} · ${REASONS[why]}`;
  }
  if (quality !== "source") {
    const given = mode === "home" ? `${CHOICES[choice]}, quality ${quality}` : `Quality ${quality}`;
    return `${given}${size} · as you chose`;
  }
  const given = mode === "home" ? CHOICES[choice] : "Full quality";
  return `${given}${size} · camera's own ${filter === "none" ? "picture" : "quality"}`;
}

/**
 * The statistics, as pairs of a name and a value.
 *
 * @param {Delivery} delivery
 * @param {Choices} settings
 * @param {{ painted: number, width: number, height: number }} page `painted`: frames a second on this screen.
 * @returns {[name: string, value: string][]}
 */
export function statisticsRows(delivery, settings, { painted, width, height }) {
  const { fps, kbps, delay, dropped, changes } = delivery;
  return [
    ["Given", qualityText(delivery, settings)],
    ["Picture", `${width} × ${height}`],
    ["Frames", `${fps.toFixed(1)} fps sent, ${painted.toFixed(1)} shown`],
    ["Bandwidth", bandwidthText(kbps)],
    ["Delay", delay === null ? "not known yet" : `${Math.round(delay)} ms`],
    ["Left out", `${dropped} ${dropped === 1 ? "frame" : "frames"}`],
    ["Quality changed", changes === 1 ? "once" : `${changes} times`],
  ];
}

/** @param {number} kbps */
function bandwidthText(kbps) {
  return kbps < 1000 ? `${Math.round(kbps)} kbit/s` : `${(kbps / 1000).toFixed(1)} Mbit/s`;
}
