import type { ReplaySpeed } from "../live_messages.ts";
import { explain } from "../channel/explanation.ts";
import type { PlayheadStart } from "../producers/replay/playhead.ts";
import { HttpProblem } from "./problem.ts";
import type { PastViewing } from "./route_parts.ts";
import { readNumber, readText, readWord, wrongValue } from "./query.ts";

/** The latest time that a `Date` can have. Milliseconds since the Unix epoch. */
const WALL_TIME = { min: 0, max: 8.64e15 };

const SPEEDS = ["0", "0.25", "0.5", "1"] as const;

/**
 * Reads where a stream begins in the past: `at` and `speed`, or `delay`.
 *
 * @param past How viewers go back; `null` where they never can.
 * @param now Wall time, milliseconds since the Unix epoch.
 * @returns `null` for a live stream.
 * @throws {HttpProblem} 400 for a wrong value; 409 while viewers cannot go back.
 */
export function readReplayStart(
  query: URLSearchParams,
  past: PastViewing | null,
  now: number,
): PlayheadStart | null {
  const at = readWallTime(query);
  const speed = readWord(query, "speed", SPEEDS);
  const delay = readNumber(query, "delay", { min: 0, max: 86_400 });
  if (at === undefined && delay === undefined) return null;
  if (at !== undefined && delay !== undefined) {
    throw new HttpProblem(400, "Give either at or delay: a moment, or how far behind live");
  }
  const seconds = requirePast(past).seconds();
  if (at !== undefined) return { at, speed: Number(speed ?? 1) as ReplaySpeed };
  if (delay! > seconds) {
    const rule = `at most ${seconds}: so many seconds are kept`;
    throw wrongValue("delay", rule, readText(query, "delay")!);
  }
  return { at: now - delay! * 1000, delay: delay! * 1000 };
}

/**
 * Reads the parameter `at`: a wall time in milliseconds since the Unix epoch.
 *
 * @throws {HttpProblem} 400 if it is none.
 */
export function readWallTime(query: URLSearchParams): number | undefined {
  return readNumber(query, "at", WALL_TIME);
}

/**
 * Returns how viewers go back.
 *
 * @throws {HttpProblem} 409 while they cannot.
 */
export function requirePast(past: PastViewing | null): PastViewing {
  if (!past?.kept.isOn) throw new HttpProblem(409, explain("rewind-off"));
  return past;
}
