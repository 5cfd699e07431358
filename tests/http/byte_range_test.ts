import assert from "node:assert/strict";
import { requestedRange } from "../../src/http/byte_range.ts";

const file = { bytes: 1_000, etag: '"abc"' };

function asked(range: string | null, condition?: string) {
  const headers = new Headers();
  if (range !== null) headers.set("range", range);
  if (condition !== undefined) headers.set("if-range", condition);
  return requestedRange({ headers }, file);
}

Deno.test("range is what is asked for, as far as there is any", () => {
  assert.deepEqual(asked("bytes=0-499"), { first: 0, last: 499 });
  assert.deepEqual(asked("bytes=500-"), { first: 500, last: 999 });
  assert.deepEqual(asked("bytes=-100"), { first: 900, last: 999 });
  assert.deepEqual(asked("bytes=-5000"), { first: 0, last: 999 });
  assert.deepEqual(asked("bytes=900-5000"), { first: 900, last: 999 });
  assert.deepEqual(asked("Bytes=0-0"), { first: 0, last: 0 });
});

Deno.test("range behind the end cannot be given", () => {
  assert.equal(asked("bytes=1000-"), "unsatisfiable");
  assert.equal(asked("bytes=-0"), "unsatisfiable");
});

Deno.test("anything else is a request for the whole file", () => {
  for (
    const range of [null, "", "bytes=-", "bytes=5-4", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b"]
  ) {
    assert.equal(asked(range), null, String(range));
  }
});

Deno.test("range of another version of the file is not given", () => {
  assert.deepEqual(asked("bytes=0-1", '"abc"'), { first: 0, last: 1 });
  for (const condition of ['"abd"', 'W/"abc"', "Thu, 26 Nov 2026 14:03:20 GMT"]) {
    assert.equal(asked("bytes=0-1", condition), null);
  }
});
