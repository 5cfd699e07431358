import assert from "node:assert/strict";
import fc from "fast-check";
import { attachment } from "../../src/http/attachment.ts";

Deno.test("attachment names a file in ASCII, and in full for browsers of today", () => {
  assert.equal(
    attachment("Vögel (1).mp4"),
    `attachment; filename="V_gel (1).mp4"; filename*=UTF-8''V%C3%B6gel%20%281%29.mp4`,
  );
});

Deno.test("attachment is a header's value, and keeps every name", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 50 }), (name) => {
    const value = attachment(name);
    assert(new Headers({ "content-disposition": value }).get("content-disposition"));
    const [, encoded] = value.match(
      /^attachment; filename="[^"\\]*"; filename\*=UTF-8''([\w%.!~-]*)$/,
    )!;
    assert.equal(decodeURIComponent(encoded), name.toWellFormed());
  }));
});
