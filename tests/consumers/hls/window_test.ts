import assert from "node:assert/strict";
import fc from "fast-check";
import { HlsNames, mediaPlaylist } from "../../../src/consumers/hls/playlist.ts";
import { HlsTimeline } from "../../../src/consumers/hls/timeline.ts";
import { HlsWindow } from "../../../src/consumers/hls/window.ts";
import { readPlaylist } from "./read_playlist.ts";

const NAMES = new HlsNames("abc-high");
const PART = { duration: 333, isIndependent: true, data: Uint8Array.of(1) };
const initialization = { data: Uint8Array.of(2), codecs: "avc1.42c01f", width: 32, height: 16 };

/** Two windows that share a timeline. */
function stage() {
  const timeline = new HlsTimeline();
  const [high, low] = [new HlsWindow(timeline), new HlsWindow(timeline)];
  return {
    ...{ high, low },
    /** Adds a segment to each of these. */
    add(windows: readonly HlsWindow[], isDiscontinuous = false) {
      for (const window of windows) {
        window.begin({ at: 1_700_000_000_000, initialization, isDiscontinuous });
        window.add(PART);
        window.end();
      }
    },
  };
}

/** Reads a window as players do. */
function listedIn(window: HlsWindow) {
  const segments = window.listed;
  return readPlaylist(mediaPlaylist({ segments, names: NAMES, isLowLatency: false })).segments;
}

const numbersIn = (window: HlsWindow) =>
  listedIn(window).map(({ discontinuitySequence }) => discontinuitySequence);

Deno.test("a rendition that is interrupted takes the other one along", () => {
  const { high, low, add } = stage();
  add([high, low]);
  add([high], true);
  add([low, high, low]);
  assert.deepEqual(numbersIn(high), [0, 1, 1]);
  assert.deepEqual(numbersIn(low), [0, 1, 1]);
});

Deno.test("an interruption of both renditions counts once", () => {
  const { high, low, add } = stage();
  add([high, low]);
  add([high, low], true);
  for (const window of [high, low]) window.clear();
  add([low, high]);
  add([high, low]);
  assert.deepEqual(numbersIn(high), [2, 2]);
  assert.deepEqual(numbersIn(low), [2, 2]);
});

Deno.test("a rendition that had nothing during several interruptions has as many as the other one", () => {
  const { high, low, add } = stage();
  add([high, low]);
  for (let time = 0; time < 3; time++) add([high], true);
  add([low], true);
  assert.deepEqual(numbersIn(high), [0, 1, 2, 3]);
  assert.deepEqual(numbersIn(low), [0, 3]);
  const late = stage();
  late.add([late.high]);
  late.add([late.high], true);
  late.add([late.low], true);
  assert.deepEqual(numbersIn(late.low), [1]);
});

Deno.test("whatever is interrupted, segments keep their numbers while they are listed, and renditions agree", () => {
  const step = fc.record({
    of: fc.constantFrom("high", "low"),
    kind: fc.constantFrom("next", "next", "next", "interrupted", "clear"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const { add, ...windows } = stage();
      const known = { high: new Map<number, number>(), low: new Map<number, number>() };
      for (const { of, kind } of steps as { of: "high" | "low"; kind: string }[]) {
        if (kind === "clear") windows[of].clear();
        else add([windows[of]], kind === "interrupted");
        for (const { sequence, discontinuitySequence } of listedIn(windows[of])) {
          const before = known[of].get(sequence) ?? discontinuitySequence;
          assert.equal(discontinuitySequence, before);
          known[of].set(sequence, discontinuitySequence);
        }
      }
      // The first one may not know yet that the second one does not go on.
      for (let time = 0; time < 2; time++) add([windows.high, windows.low]);
      assert.equal(numbersIn(windows.high).at(-1), numbersIn(windows.low).at(-1));
    }),
    { numRuns: 100 },
  );
});
