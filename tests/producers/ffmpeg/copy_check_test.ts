import assert from "node:assert/strict";
import {
  CopyCheck,
  HEAD_BYTES,
  isPage,
  mayBeJpegs,
} from "../../../src/producers/ffmpeg/copy_check.ts";
import { segment, tinyJpeg } from "../../support/jpegs.ts";

const WHOLE = tinyJpeg();
const [TOP, BOTTOM] = [1, 2].map((polarity) =>
  tinyJpeg({ before: [segment(0xe0, [...new TextEncoder().encode("AVI1"), polarity, 0, 0, 0])] })
);

function head(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

Deno.test("what begins with a JPEG or a multipart head may be JPEGs, a container is not", () => {
  for (
    const text of [
      "\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0",
      "--frame\r\nContent-Type: image/jpeg",
      "\r\n--frame\r\nX: y\r\n\r\n",
      "Content-Type: image/jpeg\r\n",
    ]
  ) assert.ok(mayBeJpegs(head(text)), text);
  for (
    const text of [
      "\0\0\0\x20ftypisom\0\0\x02\0",
      "G@\0\x10\0\0\xb0\x0d\0\x01\xc1\0\0\0\x01\xf0",
      "FLV\x01\x05\0\0\0\x09\0\0\0\0\x12\0\0",
      "\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01",
      "RIFF\x82^\x06\0AVI LIST\xc0\0\0\0",
      "\0\0\0\x01gB\xc0\x1e\xda\x02\x80\xf6\x84\0\0\x03",
    ]
  ) assert.ok(!mayBeJpegs(head(text)), text);
});

Deno.test("a web page is recognised by its first bytes", () => {
  for (
    const text of ["<!DOCTYPE html>\n<html>", "\r\n<html lang=en><head>", "<!doctype HTML pub"]
  ) {
    assert.ok(isPage(head(text).subarray(0, HEAD_BYTES)), text);
  }
  for (
    const text of ["--frame\r\nContent-Type: text/html", "<?xml version='1.0'?>", "\xff\xd8\xff"]
  ) {
    assert.ok(!isPage(head(text).subarray(0, HEAD_BYTES)), text);
  }
});

Deno.test("whole frames are shown at once", () => {
  const check = new CopyCheck();
  assert.deepEqual(check.take([]), []);
  assert.deepEqual(check.take([WHOLE]), [WHOLE]);
  assert.equal(check.fields, null);
});

Deno.test("fields are recognised by the first two frames, and not shown", () => {
  for (const [first, second, fields] of [[TOP, BOTTOM, "top"], [BOTTOM, TOP, "bottom"]] as const) {
    for (const chunks of [[[first], [second]], [[first, second]]]) {
      const check = new CopyCheck();
      for (const chunk of chunks) assert.deepEqual(check.take(chunk), []);
      assert.equal(check.fields, fields);
    }
  }
});

Deno.test("frames that all call themselves the same field are whole, and all shown", () => {
  const check = new CopyCheck();
  assert.deepEqual(check.take([TOP]), []);
  assert.deepEqual(check.take([TOP]), [TOP, TOP]);
  assert.equal(check.fields, null);
});

Deno.test("20 unusable frames, or 2 s of them, are hopeless", () => {
  const many = new CopyCheck();
  assert.equal(many.isHopeless(19, 0), false);
  assert.equal(many.isHopeless(20, 1), true);
  const slow = new CopyCheck();
  assert.equal(slow.isHopeless(0, 0), false);
  assert.equal(slow.isHopeless(0, 60_000), false, "nothing has come yet");
  assert.equal(slow.isHopeless(1, 60_000), false);
  assert.equal(slow.isHopeless(2, 61_999), false);
  assert.equal(slow.isHopeless(2, 62_000), true);
});
