import assert from "node:assert/strict";
import type { Diagnosis } from "../../../src/producers/ffmpeg/diagnosis.ts";
import { FailedWays } from "../../../src/producers/ffmpeg/failed_ways.ts";
import type { AttemptEnd } from "../../../src/producers/ffmpeg/attempt.ts";

const END: AttemptEnd = {
  ...{ startFailure: null, wrongWay: false, hadData: true, stalled: false, astray: false },
  ...{ hadFrames: false, liveFor: 0, damaged: 0, oversized: 0, lines: [] },
};

function diagnosisOf(reason: string, more: Partial<Diagnosis> = {}): Diagnosis {
  const found = { code: "unavailable", forStreamer: reason } as const;
  return { kind: "other", isKnown: true, reason: found, ...more };
}

function mostTelling(...diagnoses: readonly Diagnosis[]): string {
  const failed = new FailedWays();
  for (const diagnosis of diagnoses) failed.add(END, () => diagnosis);
  return failed.mostTelling.reason.forStreamer;
}

Deno.test("the last reason that is known says most, unless the search ended with another", () => {
  const guess = diagnosisOf("guess", { isKnown: false });
  assert.equal(mostTelling(diagnosisOf("a"), diagnosisOf("b"), guess), "b");
  assert.equal(mostTelling(guess, diagnosisOf("last", { isKnown: false })), "last");
  assert.equal(mostTelling(diagnosisOf("a"), diagnosisOf("no", { kind: "refused" })), "no");
  const gone = diagnosisOf("gone", { kind: "missing", isKnown: false });
  assert.equal(mostTelling(diagnosisOf("a"), gone), "gone");
});

Deno.test("a diagnosis gets the frames that all ways dropped, but for a way that worked", () => {
  const failed = new FailedWays();
  const dropped: number[][] = [];
  const add = (more: Partial<AttemptEnd>) =>
    failed.add({ ...END, ...more }, ({ damaged, oversized }) => {
      dropped.push([damaged, oversized]);
      return diagnosisOf("a");
    });
  add({ damaged: 20, oversized: 1 });
  add({});
  add({ damaged: 1, hadFrames: true });
  failed.clear();
  add({});
  assert.deepEqual(dropped, [[20, 1], [20, 1], [1, 0], [0, 0]]);
});

Deno.test("a source was open in a way that gave data or stalled", () => {
  for (const more of [{}, { hadData: true }, { stalled: true }]) {
    const failed = new FailedWays();
    failed.add({ ...END, hadData: false, ...more }, () => diagnosisOf("a"));
    failed.add({ ...END, hadData: false }, () => diagnosisOf("b"));
    assert.equal(failed.wasOpen, "stalled" in more || "hadData" in more);
    failed.clear();
    assert.equal(failed.wasOpen, false);
  }
});
