import { readRecordingName } from "./names.ts";
import type { StoredRecording } from "./stored_recording.ts";

/** What may be kept: older recordings are deleted beyond that. */
export interface KeepRule {
  /** All recordings together; `null` for no limit. Bytes. */
  readonly bytes: number | null;
  /** The age of a recording's end; `null` for no limit. Milliseconds. */
  readonly age: number | null;
}

/** What {@linkcode surplus} decides by. */
export interface KeepSituation {
  /** All recordings, oldest first. */
  readonly recordings: readonly StoredRecording[];
  /** Bytes free on their disk. */
  readonly free: number;
  /** Bytes that are to stay free. */
  readonly minFree: number;
  /** The rule; `null` to keep everything. */
  readonly rule: KeepRule | null;
  /** The recording that is being written; `null` if none is. */
  readonly writing: string | null;
  /** Wall time. */
  readonly now: number;
}

/**
 * Returns the names of the recordings to delete, oldest first: those beyond the rule, and as many as it takes to
 * leave enough of the disk free. Without a rule, none.
 */
export function surplus(situation: KeepSituation): string[] {
  const { recordings, rule, writing, now, minFree } = situation;
  if (rule === null) return [];
  let { free } = situation;
  let total = recordings.reduce((sum, { bytes }) => sum + bytes, 0);
  const names: string[] = [];
  for (const { name, bytes, duration, changedAt } of recordings) {
    if (name === writing) continue;
    // Without a clock battery, a machine starts with a time long past, until the network sets it.
    const ended = Math.max((readRecordingName(name)?.at ?? now) + (duration ?? 0), changedAt);
    const isTooOld = rule.age !== null && now - ended > rule.age;
    const isTooMuch = rule.bytes !== null && total > rule.bytes;
    if (!isTooOld && !isTooMuch && free >= minFree) continue;
    names.push(name);
    total -= bytes;
    free += bytes;
  }
  return names;
}
