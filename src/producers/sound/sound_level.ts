import type { SoundLevel } from "../../live_messages.ts";

/** The level of digital silence, and the lowest that is reported. Decibels. */
const SILENT = -100;

/** Reads levels from the lines that ffmpeg's filter `ametadata=print` logs. */
export class LevelReader {
  #peak = SILENT;

  /**
   * Takes a line of ffmpeg's standard error.
   *
   * @returns A level if the line completes one; `null` if it is another line of the filter; `undefined` if it has
   * nothing to do with it.
   */
  take(line: string): SoundLevel | null | undefined {
    const [, name, value] =
      /^\[Parsed_ametadata_\d+ @ \w+\] (?:lavfi\.astats\.Overall\.(\w+)=(\S+)|frame:)/.exec(line) ??
        [];
    if (name === undefined) return line.startsWith("[Parsed_ametadata_") ? null : undefined;
    const level = inRange(Number(value));
    if (name === "Peak_level") this.#peak = level;
    return name === "RMS_level" ? { peak: this.#peak, rms: level } : null;
  }
}

/** ffmpeg writes `-inf` for silence. */
function inRange(level: number): number {
  return Number.isFinite(level)
    ? Math.round(Math.max(SILENT, Math.min(0, level)) * 10) / 10
    : SILENT;
}
