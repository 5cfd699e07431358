import assert from "node:assert/strict";
import { fieldOf } from "../../../src/media/jpeg/avi1.ts";
import { segment, tinyJpeg } from "../../support/jpegs.ts";

function withApp0(...contents: readonly string[]): Uint8Array {
  return tinyJpeg({
    before: contents.map((text) => segment(0xe0, new TextEncoder().encode(text))),
  });
}

Deno.test("fieldOf returns the field that an AVI1 segment names", () => {
  const cases: [jpeg: Uint8Array, field: string | null][] = [
    [withApp0("AVI1\x01\0\0\0\0\0\0\0\0\0"), "top"],
    [withApp0("AVI1\x02\0"), "bottom"],
    [withApp0("JFIF\0\x01\x01", "AVI1\x02\0"), "bottom"],
    [withApp0("AVI1\0\0"), null],
    [withApp0("AVI1"), null],
    [withApp0("JFIF\0\x01\x01"), null],
    [tinyJpeg(), null],
    [Uint8Array.of(0xff, 0xd8), null],
  ];
  for (const [jpeg, field] of cases) assert.equal(fieldOf(jpeg), field);
});
