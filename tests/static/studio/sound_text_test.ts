import assert from "node:assert/strict";
import "../../support/page_texts.ts";
import {
  gainText,
  hearingText,
  medianOffset,
  offsetText,
  soundAlarm,
} from "../../../static/js/studio/sound_text.js";

const HEARING = { delay: 150, gaps: 0, dropped: 0, offset: null };

Deno.test("gain and offset have their sign", () => {
  assert.deepEqual([-20, 0, 3].map(gainText), ["−20 dB", "0 dB", "+3 dB"]);
  assert.deepEqual([-40, -0.3, 0, 1000].map(offsetText), ["−40 ms", "0 ms", "0 ms", "+1,000 ms"]);
});

Deno.test("hearing of a viewer lists gaps, and the offset if it is known", () => {
  assert.equal(hearingText(HEARING), "0 gaps");
  assert.equal(hearingText({ ...HEARING, gaps: 1, offset: -12 }), "1 gap · −12 ms");
});

Deno.test("status bar warns if viewers hear nothing although the streamer wants them to", () => {
  const on = { state: "on", muted: false, reason: null } as const;
  assert.equal(soundAlarm(on), null);
  assert.equal(soundAlarm({ ...on, state: "muted", muted: true }), "muted");
  assert.equal(soundAlarm({ state: "waiting", muted: false, reason: "Unplugged" }), "trouble");
  assert.equal(soundAlarm({ state: "muted", muted: true, reason: "Unplugged" }), "muted");
  assert.equal(soundAlarm({ ...on, state: "waiting" }), null, "nobody listens");
  assert.equal(soundAlarm({ state: "off", muted: true, reason: null }), null);
});

Deno.test("median offset leaves out pages that do not listen or do not know it", () => {
  assert.equal(medianOffset([]), null);
  assert.equal(medianOffset([{ hearing: null }, { hearing: HEARING }]), null);
  const hearings = [90, -10, 20].map((offset) => ({ hearing: { ...HEARING, offset } }));
  assert.equal(medianOffset([...hearings, { hearing: null }]), 20);
});
