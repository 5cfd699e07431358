import assert from "node:assert/strict";
import fc from "fast-check";
import { readRecordingName, recordingName } from "../../../src/consumers/recording/names.ts";

const name = fc.record({
  at: fc.integer({ min: 0, max: 253_402_300_799 }).map((second) => second * 1_000),
  isOfMotion: fc.boolean(),
  kind: fc.constantFrom("mp4" as const, "mkv" as const),
}, { noNullPrototype: true });

Deno.test("name of a recording is readable", () => {
  const at = Date.UTC(2026, 10, 26, 14, 3, 20, 900);
  assert.equal(recordingName({ at, isOfMotion: false, kind: "mp4" }), "2026-11-26_14.03.20Z.mp4");
  assert.equal(
    recordingName({ at, isOfMotion: true, kind: "mkv" }),
    "2026-11-26_14.03.20Z_motion.mkv",
  );
});

Deno.test("name of a recording says what was put into it", () => {
  fc.assert(fc.property(name, (said) => {
    assert.deepEqual(readRecordingName(recordingName(said)), said);
  }));
});

Deno.test("names sort by time", () => {
  fc.assert(fc.property(name, name, (one, other) => {
    if (one.at < other.at) assert.ok(recordingName(one) < recordingName(other));
  }));
});

Deno.test("other names are none of recordings", () => {
  for (
    const other of [
      ...["", "..", "../2026-11-26_14.03.20Z.mp4", "/etc/passwd", "2026-11-26_14.03.20Z.mp4/x"],
      ...["2026-13-26_14.03.20Z.mp4", ".2026-11-26_14.03.20Z.mp4.jpg", "2026-11-26_14.03.20Z.avi"],
      ...["2026-11-26_14.03.20Z.mp4\n", "holiday.mp4"],
    ]
  ) assert.equal(readRecordingName(other), null, other);
});
