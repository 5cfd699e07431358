import assert from "node:assert/strict";
import { Attendance } from "../../src/audience/attendance.ts";
import { recordingLog } from "../support/recording_log.ts";

/** Observes so many sessions at these times; returns what was logged. */
function logOf(observations: readonly (readonly [at: number, sessions: number])[]): string[] {
  const log = recordingLog();
  let now = 0;
  const attendance = new Attendance({ log, clock: { monotonic: () => now } });
  for (const [at, sessions] of observations) {
    now = at;
    attendance.observe(sessions);
  }
  return log.lines;
}

Deno.test("the first viewer and the last are logged, and nobody between them", () => {
  const observed = logOf([[0, 0], [250, 1], [500, 3], [750, 1], [1_000, 0], [5_749, 0]]);
  assert.deepEqual(observed, ["info: The first viewer is watching"]);
  const later = logOf([[250, 1], [750, 2], [1_000, 0], [5_750, 0], [9_000, 0], [9_250, 1]]);
  assert.deepEqual(later, [
    "info: The first viewer is watching",
    "info: The last viewer has left",
    "info: The first viewer is watching",
  ]);
});

Deno.test("a viewer whose page is loaded anew has not left", () => {
  const observed = logOf([[0, 1], [250, 0], [4_999, 0], [5_000, 1], [5_250, 0], [9_999, 0]]);
  assert.deepEqual(observed, ["info: The first viewer is watching"]);
});
