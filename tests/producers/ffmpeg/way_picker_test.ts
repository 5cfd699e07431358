import assert from "node:assert/strict";
import type { Findings } from "../../../src/producers/ffmpeg/findings.ts";
import { WayPicker } from "../../../src/producers/ffmpeg/way_picker.ts";

function wayOf(name: string) {
  return { name, args: [], copies: false, evidence: "none" } as const;
}

const [A, B, C] = ["a", "b", "c"].map(wayOf);

/** A picker whose list depends on the codec. */
function pickerOf() {
  return new WayPicker(({ codec }: Findings) => codec === "mjpeg" ? [C, A] : [A, B, C]);
}

Deno.test("a picker goes through all ways, then has none until it is to retry", () => {
  const picker = pickerOf();
  for (const way of [A, B, C]) {
    assert.equal(picker.way, way);
    picker.noteFailure(way);
  }
  assert.equal(picker.way, null);
  picker.retry();
  assert.equal(picker.way, A);
});

Deno.test("a picker begins with the way that worked last, then tries the others", () => {
  const picker = pickerOf();
  picker.noteFailure(A);
  picker.noteSuccess(B);
  for (const way of [B, A, C]) {
    assert.equal(picker.way, way);
    picker.noteFailure(way);
  }
  picker.forget();
  assert.equal(picker.way, B, "it may be the same source as ever");
});

Deno.test("a picker takes another way when it learns of the source, and sticks to it", () => {
  const picker = pickerOf();
  picker.learn({ codec: "mjpeg" });
  assert.equal(picker.way, C);
  picker.learn({ codec: "h264", isRaw: true });
  assert.equal(picker.way, C, "no two ways contradict each other forever");
  picker.forget();
  assert.equal(picker.way, A);
});

Deno.test("a picker believes the source rather than what was learned before it was live", () => {
  const picker = pickerOf();
  picker.learn({ codec: "mjpeg", isRaw: true, fields: "top" });
  picker.noteSuccess(C);
  picker.retry();
  assert.equal(picker.way, C);
  picker.learn({ codec: "mjpeg", isRaw: true });
  assert.equal(picker.way, C);
  picker.retry();
  picker.learn({ codec: "h264", isRaw: false });
  assert.equal(picker.way, C, "the way that worked");
  picker.noteFailure(C);
  assert.equal(picker.way, A, "the list for the new codec");
  picker.learn({ codec: "mjpeg" });
  assert.equal(picker.way, A, "no two ways contradict each other forever");
});

Deno.test("a picker forgets all of a source that has become another, but not what it just learned", () => {
  let seen: Findings = {};
  const picker = new WayPicker((findings) => {
    seen = findings;
    return [A];
  });
  picker.learn({ codec: "mjpeg", isRaw: true, isUnsound: true });
  picker.retry();
  assert.equal(picker.way, A);
  assert.deepEqual(seen, { codec: "mjpeg", isRaw: true, isUnsound: true });
  picker.learn({ isRaw: false });
  picker.learn({ codec: "h264", isDistorted: true });
  assert.equal(picker.way, A);
  assert.deepEqual(seen, { isRaw: false, codec: "h264", isDistorted: true });
});

/** A picker that polls stills, and copies JPEGs unless they are unsound. */
function stillPicker() {
  return new WayPicker(({ isStill, isUnsound }: Findings) =>
    isStill ? [C] : isUnsound ? [B] : [A, B]
  );
}

Deno.test("a picker goes back to streaming what turns out to be a stream, and stays there", () => {
  const picker = stillPicker();
  picker.learn({ codec: "mjpeg", isStill: true });
  assert.equal(picker.way, C);
  picker.learn({ isStill: false });
  assert.equal(picker.way, A);
  picker.learn({ isStill: true });
  assert.equal(picker.way, A, "no two ways contradict each other forever");
});

Deno.test("a picker takes a source that streamed for a still after two answers of one picture", () => {
  const picker = stillPicker();
  for (let times = 0; times < 2; times++) {
    picker.learn({ isStill: false });
    picker.retry();
    picker.learn({ isStill: true });
    assert.equal(picker.way, A, "one may have been cut short");
    picker.retry();
  }
  picker.learn({ isStill: true });
  assert.equal(picker.way, C);
});

Deno.test("a picker copies again what was copied before its JPEGs were unsound, not what never was", () => {
  const copying = { ...A, copies: true };
  for (const first of [copying, B]) {
    const picker = new WayPicker(({ isUnsound }) => isUnsound ? [B] : [copying, B]);
    picker.noteSuccess(first);
    picker.retry();
    picker.learn({ isUnsound: true });
    assert.equal(picker.way, B);
    picker.noteSuccess(B);
    picker.retry();
    assert.equal(picker.way, first);
  }
});
