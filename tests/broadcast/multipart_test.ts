import assert from "node:assert/strict";
import fc from "fast-check";
import { encodePart, MULTIPART_CONTENT_TYPE, OPENING } from "../../src/broadcast/multipart.ts";
import { SOURCE } from "../../src/frame.ts";

const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
const frame = { sequence: 7, capturedAt: 1_700_000_000_123, jpeg: new Uint8Array() };

Deno.test("multipart names an unquoted boundary", () => {
  assert.match(MULTIPART_CONTENT_TYPE, /^multipart\/x-mixed-replace; ?boundary=[a-z]+$/);
});

Deno.test("encodePart gives headers, the picture and the boundary after it", () => {
  const part = encodePart(frame, { ...SOURCE, quality: 20 }, new Uint8Array([0xff, 0xd8, 0xd9]));
  assert.equal(
    text(part.bytes),
    "Content-Type: image/jpeg\r\nContent-Length: 3\r\nX-Timestamp: 1700000000.123000\r\n" +
      "X-Sequence: 7\r\nX-Quality: 20\r\n\r\n\xff\xd8\xd9\r\n--frame\r\n",
  );
});

Deno.test("parts after the opening are a stream that a reader by lengths takes apart again", () => {
  const pictures = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 });
  fc.assert(fc.property(pictures, (jpegs) => {
    const parts = jpegs.map((jpeg) => encodePart(frame, SOURCE, jpeg));
    let rest = text(OPENING) + parts.map((part) => text(part.bytes)).join("");
    for (const jpeg of jpegs) {
      const head = /^--frame\r\n(?:[^\r]+\r\n)*?Content-Length: (\d+)\r\n(?:[^\r]+\r\n)*\r\n/.exec(
        rest,
      );
      assert.ok(head);
      assert.equal(rest.slice(head[0].length).slice(0, Number(head[1])), text(jpeg));
      rest = rest.slice(head[0].length + jpeg.length);
      assert.ok(rest.startsWith("\r\n"));
      rest = rest.slice(2);
    }
    assert.equal(rest, "--frame\r\n");
  }));
});

Deno.test("a part's picture is a view into its bytes, not a copy", () => {
  const part = encodePart(frame, SOURCE, new Uint8Array([1, 2, 3]));
  assert.equal(part.jpeg.buffer, part.bytes.buffer);
  assert.deepEqual([...part.jpeg], [1, 2, 3]);
});
