import { text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").Delivery} Delivery */
/** @typedef {import("../../src/live_messages.ts").Choices} Choices */

/** What viewers choose, by the quality that it gives; as in src/media/qualities.ts. @type {Readonly<Record<string, Choices["quality"]>>} */
export const LEVELS = { source: "high", 50: "medium", 20: "low" };

/** The codec by its own name, in every language. */
export const H264 = "H.264";

const SIZES = /** @type {const} */ ({ 0.5: "half", 0.25: "quarter", 0.125: "eighth" });

/**
 * Returns the quality of a picture and its size if that is reduced: `High (original)`, `Medium`, `35 %, half size`, `H.264`.
 *
 * @param {Pick<Delivery, "codec" | "quality" | "scale">} delivery
 */
export function levelText({ codec, quality, scale }) {
  if (codec === "h264") return withSize(H264, scale);
  const level = LEVELS[quality];
  const name = level === "high"
    ? text("common.quality.original")
    : level
    ? text(`common.quality.${level}`)
    : percentText(quality);
  return withSize(name, scale);
}

/**
 * Returns the quality that a viewer gets, and why if it is not what they chose: `Medium`, `Reduced for your connection (35 %)`.
 *
 * @param {Pick<Delivery, "codec" | "quality" | "scale" | "why">} delivery
 * @param {Pick<Choices, "mode" | "quality" | "filter">} choices
 */
export function qualityText({ codec, quality, scale, why }, choices) {
  const isVideo = codec === "h264";
  const level = LEVELS[quality] ?? "";
  const isChosen = !isVideo && choices.mode === "home" && level === choices.quality;
  // A filter changes the picture, so that it is not the original.
  const given = isChosen && choices.filter !== "none"
    ? withSize(text(`common.quality.${choices.quality}`), scale)
    : levelText({ codec, quality, scale });
  const share = isVideo ? given : withSize(percentText(quality), scale);
  switch (why) {
    case "chosen":
      return given;
    case "motion":
      return text("watch.quality.motion", { share });
    case "reader":
      return text("watch.quality.readerFrames", { quality: given });
    default: {
      // A connection that carries every frame only in a lower quality, or only some frames in the best one.
      const isReduced = isVideo || scale !== 1 || !(isChosen || quality === "source");
      if (isReduced) return text(`watch.quality.${why}`, { share });
      return text(`watch.quality.${why}Frames`, { quality: given });
    }
  }
}

/** @param {Delivery["quality"]} quality */
function percentText(quality) {
  return text("common.quality.percent", { percent: quality === "source" ? 100 : quality });
}

/**
 * @param {string} name
 * @param {Delivery["scale"]} scale
 */
function withSize(name, scale) {
  if (scale === 1) return name;
  return text("common.quality.sized", { name, size: text(`common.quality.${SIZES[scale]}`) });
}
