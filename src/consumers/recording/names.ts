import type { SegmentKind } from "./segment_muxer.ts";

/** What the name of a recording says. */
export interface RecordingName {
  /** Wall time when it begins, to the second. */
  readonly at: number;
  /** Whether motion began it. */
  readonly isOfMotion: boolean;
  /** What kind of file it is. */
  readonly kind: SegmentKind;
}

/** `2026-11-26_14.03.20Z.mp4`, `2026-11-26_14.03.20Z_motion.mkv`. */
const NAME = /^(\d{4}-\d\d-\d\d)_(\d\d)\.(\d\d)\.(\d\d)Z(_motion)?\.(mp4|mkv)$/;

/**
 * Returns the name of a recording. Names sort by time, so the time is UTC: local time repeats an hour every
 * autumn.
 */
export function recordingName({ at, isOfMotion, kind }: RecordingName): string {
  const [day, time] = new Date(at).toISOString().slice(0, 19).split("T");
  return `${day}_${time.replaceAll(":", ".")}Z${isOfMotion ? "_motion" : ""}.${kind}`;
}

/** Reads the name of a recording; returns `null` for any other name. */
export function readRecordingName(name: string): RecordingName | null {
  const match = NAME.exec(name);
  if (!match) return null;
  const [, day, hours, minutes, seconds, motion, kind] = match;
  const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`);
  if (!Number.isFinite(at)) return null;
  return { at, isOfMotion: motion !== undefined, kind: kind as SegmentKind };
}

/** Returns the name of the file that has the thumbnail of a recording: a hidden one. */
export function thumbnailName(name: string): string {
  return `.${name}.jpg`;
}

/** Returns the name of the recording that a thumbnail stands for; `null` for any other name. */
export function recordingOfThumbnail(name: string): string | null {
  const recording = name.slice(1, -".jpg".length);
  return readRecordingName(recording) && thumbnailName(recording) === name ? recording : null;
}
