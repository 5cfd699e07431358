import "../../support/page_texts.ts";
import assert from "node:assert/strict";
import { soundRows } from "../../../static/js/sound/sound_rows.js";

Deno.test("statistics show how late the sound is, by itself and compared with the picture", () => {
  const sound = { buffered: 61.7, gaps: 2, offset: 34.6 };
  assert.deepEqual(soundRows(41.6, sound), [
    ["Sound", "76 ms, 35 ms after the picture"],
    ["Sound buffer", "62 ms, 2 gaps"],
  ]);
  const early = { ...sound, gaps: 1, offset: -20.4 };
  assert.deepEqual(soundRows(41.6, early), [
    ["Sound", "21 ms, 20 ms before the picture"],
    ["Sound buffer", "62 ms, 1 gap"],
  ]);
  const unmeasured = ["Sound", "Not measured yet"];
  assert.deepEqual(soundRows(null, sound)[0], unmeasured);
  assert.deepEqual(soundRows(40, { ...sound, offset: null })[0], unmeasured);
});
