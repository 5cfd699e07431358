/** @typedef {import("../../src/live_messages.ts").Delivery} Delivery */

/**
 * @typedef {object} Chosen What the viewer chose.
 * @property {import("../../src/live_messages.ts").Choices["mode"]} mode
 * @property {string} quality The label of the quality level: `Medium`.
 * @property {import("../../src/live_messages.ts").Choices["filter"]} filter
 */

/** Why a quality was chosen, as it appears behind the quality. */
const REASONS = {
  motion: "adapts to the motion",
  link: "limited by your connection",
  uplink: "limited by the shared uplink",
  reader: "fewer frames for your device",
};

const SIZES = { 1: "full size", 0.5: "half size", 0.25: "quarter size", 0.125: "eighth size" };

/**
 * Returns the size of the picture: `half size`.
 *
 * @param {Delivery["scale"]} scale
 */
export function sizeText(scale) {
  return SIZES[scale];
}

/**
 * Returns the quality and its reason: `High · original`, `Quality 35 · limited by your connection`.
 *
 * @param {Pick<Delivery, "quality" | "scale" | "why">} delivery
 * @param {Chosen} chosen
 */
export function qualityText({ quality, scale, why }, { mode, quality: label, filter }) {
  const size = scale === 1 ? "" : `, ${sizeText(scale)}`;
  if (why !== "chosen") {
    const given = quality === "source" ? "Full quality" : `Quality ${quality}`;
    return `${given}${size} · ${REASONS[why]}`;
  }
  if (quality !== "source") {
    const given = mode === "home" ? `${label}, quality ${quality}` : `Quality ${quality}`;
    return `${given}${size}`;
  }
  const given = mode === "home" ? label : "Full quality";
  return `${given}${size} · ${filter === "none" ? "original" : "original quality"}`;
}

/**
 * Returns the statistics as pairs of a name and a value.
 *
 * @param {Delivery} delivery
 * @param {Chosen} chosen
 * @param {{ painted: number, width: number, height: number }} page `painted`: frames a second on the screen.
 * @returns {[name: string, value: string][]}
 */
export function statisticsRows(delivery, chosen, { painted, width, height }) {
  const { fps, kbps, delay, dropped, changes } = delivery;
  return [
    ["Quality", qualityText(delivery, chosen)],
    ["Picture", `${width} × ${height}`],
    ["Frames", `${fps.toFixed(1)} fps received, ${painted.toFixed(1)} shown`],
    ["Bandwidth", bandwidthText(kbps)],
    ["Delay", delay === null ? "not measured yet" : `${Math.round(delay)} ms`],
    ["Skipped", `${dropped} ${dropped === 1 ? "frame" : "frames"}`],
    ["Quality changes", String(changes)],
  ];
}

/** @param {number} kbps */
function bandwidthText(kbps) {
  return kbps < 1000 ? `${Math.round(kbps)} kbit/s` : `${(kbps / 1000).toFixed(1)} Mbit/s`;
}
