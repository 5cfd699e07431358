import assert from "node:assert/strict";
import { mirrorOrientation } from "../../../src/media/jpeg/exif.ts";
import {
  composeOrientations,
  orientationOfTurn,
  stepsOf,
} from "../../../src/media/jpeg/orientation.ts";
import { turnPixels } from "../../../src/media/jpeg/turn_pixels.ts";
import { ROTATIONS } from "../../../src/media/turn.ts";

const ALL = [1, 2, 3, 4, 5, 6, 7, 8];

/** A picture of 3x2 pixels, each of another colour. */
const PICTURE = {
  width: 3,
  height: 2,
  data: Uint8ClampedArray.from({ length: 24 }, (_, i) => i),
};

Deno.test("orientations are what the Exif standard calls them", () => {
  // Where rows and columns of what is stored begin: https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf, 4.6.4.
  const shown: Record<number, string> = {
    1: "abc def",
    2: "cba fed",
    3: "fed cba",
    4: "def abc",
    5: "ad be cf",
    6: "da eb fc",
    7: "fc eb da",
    8: "cf be ad",
  };
  for (const orientation of ALL) {
    const { width, data } = turnPixels(PICTURE, orientation);
    const letters = Array.from(data.filter((_, i) => i % 4 === 0), (i) => "abcdef"[i / 4]);
    const rows = letters.join("").match(new RegExp(`.{${width}}`, "g"))!;
    assert.equal(rows.join(" "), shown[orientation]);
  }
});

Deno.test("orientations compose like the turns that they stand for", () => {
  for (const first of ALL) {
    for (const second of ALL) {
      assert.deepEqual(
        turnPixels(PICTURE, composeOrientations(first, second)),
        turnPixels(turnPixels(PICTURE, first), second),
        `${first}, then ${second}`,
      );
    }
    assert.equal(composeOrientations(2, composeOrientations(mirrorOrientation(first), 2)), first);
  }
});

Deno.test("rotating and flipping make all eight orientations", () => {
  const turns = [false, true].flatMap((flip) =>
    ROTATIONS.map((rotate) => orientationOfTurn({ rotate, flip }))
  );
  assert.deepEqual(turns, [1, 6, 3, 8, 2, 5, 4, 7]);
  assert.deepEqual(ALL.filter((orientation) => stepsOf(orientation).transposed), [5, 6, 7, 8]);
});
