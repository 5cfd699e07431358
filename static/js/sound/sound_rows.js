import { text } from "../text.js";
import { delayText } from "../unit_text.js";

/**
 * Returns what the statistics say about the sound while it plays.
 *
 * @param {number | null} delay Of the picture; `null` if it is not known.
 * @param {Pick<import("./sound_player.js").SoundStatistics, "buffered" | "gaps" | "offset">} sound
 * @returns {[name: string, value: string][]}
 */
export function soundRows(delay, { buffered, gaps, offset }) {
  const buffer = { buffer: delayText(buffered), count: gaps };
  return [
    [text("watch.statistics.sound"), soundDelayText(delay, offset)],
    [text("watch.statistics.soundBuffer"), text("watch.statistics.soundBufferValue", buffer)],
  ];
}

/**
 * @param {number | null} picture The picture's delay.
 * @param {number | null} offset How much later the sound is.
 */
function soundDelayText(picture, offset) {
  if (picture === null || offset === null) return text("watch.statistics.unmeasured");
  const key = offset < 0 ? "watch.statistics.soundAhead" : "watch.statistics.soundBehind";
  const delay = delayText(Math.max(0, picture + offset));
  return text(key, { delay, offset: delayText(Math.abs(offset)) });
}
