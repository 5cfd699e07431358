import assert from "node:assert/strict";
import fc from "fast-check";
import { frameOf } from "../../src/media/packet.ts";
import { encodePart, MULTIPART_CONTENT_TYPE, OPENING } from "../../src/media/multipart.ts";
import { SOURCE } from "../../src/media/rendition.ts";
import { Lineage } from "../../src/streams/lineage.ts";

const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
const frame = frameOf(new Uint8Array(), 7, 1_700_000_000_123);

Deno.test("multipart names an unquoted boundary", () => {
  assert.match(MULTIPART_CONTENT_TYPE, /^multipart\/x-mixed-replace; ?boundary=[a-z]+$/);
});

Deno.test("encodePart writes headers, the JPEG and the boundary after it", () => {
  const part = encodePart(frame, SOURCE.with({ quality: 20 }), new Uint8Array([0xff, 0xd8, 0xd9]));
  assert.equal(
    text(part.bytes),
    "Content-Type: image/jpeg\r\nContent-Length: 3\r\nX-Timestamp: 1700000000.123000\r\n" +
      "X-Sequence: 7\r\nX-Quality: 20\r\n\r\n\xff\xd8\xd9\r\n--frame\r\n",
  );
});

Deno.test("encodePart puts padding after the JPEG and counts it in Content-Length", () => {
  const part = encodePart(frame, SOURCE, new Uint8Array([0xff, 0xd8, 0xd9]), 5);
  assert.equal(
    text(part.bytes),
    "Content-Type: image/jpeg\r\nContent-Length: 8\r\nX-Timestamp: 1700000000.123000\r\n" +
      "X-Sequence: 7\r\nX-Quality: source\r\n\r\n\xff\xd8\xd9\0\0\0\0\0\r\n--frame\r\n",
  );
  assert.deepEqual([...part.jpeg], [0xff, 0xd8, 0xd9]);
});

Deno.test("parts after the opening form a stream that a reader by lengths can split again", () => {
  const picture = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(50));
  const pictures = fc.array(picture, { maxLength: 8 });
  fc.assert(fc.property(pictures, (jpegs) => {
    const parts = jpegs.map(([jpeg, padding]) => encodePart(frame, SOURCE, jpeg, padding));
    let rest = text(OPENING) + parts.map((part) => text(part.bytes)).join("");
    for (const [jpeg, padding] of jpegs) {
      const head = /^--frame\r\n(?:[^\r]+\r\n)*?Content-Length: (\d+)\r\n(?:[^\r]+\r\n)*\r\n/.exec(
        rest,
      );
      assert.ok(head);
      const length = jpeg.length + padding;
      assert.equal(Number(head[1]), length);
      assert.equal(rest.slice(head[0].length).slice(0, jpeg.length), text(jpeg));
      rest = rest.slice(head[0].length + length);
      assert.ok(rest.startsWith("\r\n"));
      rest = rest.slice(2);
    }
    assert.equal(rest, "--frame\r\n");
  }));
});

Deno.test("a part's JPEG is a view into its bytes, not a copy", () => {
  const part = encodePart(frame, SOURCE, new Uint8Array([1, 2, 3]));
  assert.equal(part.jpeg.buffer, part.bytes.buffer);
  assert.deepEqual([...part.jpeg], [1, 2, 3]);
});

Deno.test("a part names the programs that it passed, and the page of the first", () => {
  const heads = ["http://other:8081/", null].map((origin) => {
    const provenance = { via: "abc, def", origin };
    const part = encodePart({ ...frame, provenance }, SOURCE, new Uint8Array([1]));
    return text(part.bytes).split("X-Quality: source\r\n")[1];
  });
  const via = "X-Via: abc, def\r\n";
  const rest = "\r\n\x01\r\n--frame\r\n";
  assert.deepEqual(heads, [
    `${via}X-Origin: http://other:8081/\r\n${rest}`,
    via + rest,
  ]);
});

Deno.test("a part says where it comes from in 17 bytes, unless it is relayed", () => {
  const { id, provenance } = new Lineage();
  const jpeg = new Uint8Array([1]);
  const [before, after] = [frame, { ...frame, provenance }].map((one) =>
    encodePart(one, SOURCE, jpeg).bytes.length
  );
  assert.equal(id.length, 8);
  assert.equal(after! - before!, 17);
});
