import assert from "node:assert/strict";
import fc from "fast-check";
import { encodePart, OPENING } from "../../../src/media/multipart.ts";
import { frameOf } from "../../../src/media/packet.ts";
import { SOURCE } from "../../../src/media/rendition.ts";
import { PartPieces } from "../../../src/producers/relay/part_pieces.ts";
import { join } from "../../support/jpegs.ts";

const AT = 1_795_750_000_123;
const via = "abcd1234, ef567890";

function partOf(jpeg: Uint8Array, sequence: number, padding = 0): Uint8Array {
  const provenance = { via, origin: "http://10.0.0.7:8081/" };
  return encodePart(
    { ...frameOf(new Uint8Array(), sequence, AT), provenance },
    SOURCE,
    jpeg,
    padding,
  )
    .bytes;
}

Deno.test("pieces of a livestream are the bodies of its parts, however it is cut into chunks", () => {
  const body = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(50));
  const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(fc.array(body, { maxLength: 6 }), cuts, (bodies, sizes) => {
    const parts = bodies.map(([jpeg, padding], i) => partOf(jpeg, i + 1, padding));
    const stream = join(OPENING, ...parts);
    const pieces = new PartPieces();
    const read = bodies.map(() => [] as number[]);
    for (let at = 0, i = 0; at < stream.length; i++) {
      const end = at + sizes[i % sizes.length];
      for (const { bytes, head } of pieces.push(stream.slice(at, end))) {
        assert.ok(head);
        assert.equal(head.timestamp, AT);
        assert.deepEqual(head.via, ["abcd1234", "ef567890"]);
        assert.equal(head.origin, "http://10.0.0.7:8081/");
        read[head.sequence - 1].push(...bytes);
      }
      at = end;
    }
    assert.deepEqual(read, bodies.map(([jpeg, padding]) => [...jpeg, ...Array(padding).fill(0)]));
  }));
});

const OTHERS: Readonly<Record<string, string>> = {
  "µStreamer, whose X-Timestamp means something else":
    "--boundarydonotcross\r\nContent-Type: image/jpeg\r\nContent-Length: 3\r\nX-Timestamp: 1.5\r\n\r\nabc\r\n--",
  "a multipart stream without lengths": "--x\r\nContent-Type: image/jpeg\r\n\r\nabc",
  "a multipart stream whose lines end with a line feed alone":
    "--x\nContent-Type: image/jpeg\n\n\xff\xd8\xff\xe0abc\r\n\r\n",
  "plain JPEGs": "\xff\xd8\xff\xe0abc\xff\xd9",
  "a part that claims no length":
    "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 0\r\nX-Timestamp: 1.5\r\nX-Sequence: 1\r\nX-Via: a\r\n\r\nabc",
  "ids that are none":
    "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 3\r\nX-Timestamp: 1.5\r\nX-Sequence: 1\r\nX-Via: <b>\r\n\r\nabc",
};
for (const [name, text] of Object.entries(OTHERS)) {
  Deno.test(`${name} passes without heads, and its pictures are complete`, () => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    for (const size of [1, 7, 1000]) {
      const pieces = new PartPieces();
      let read = "";
      for (let at = 0; at < bytes.length; at += size) {
        for (const { bytes: piece, head } of pieces.push(bytes.subarray(at, at + size))) {
          assert.equal(head, null);
          read += String.fromCharCode(...piece);
        }
      }
      assert.equal(read, text);
    }
  });
}

Deno.test("a head that never ends is not held", () => {
  const pieces = new PartPieces();
  const line = new TextEncoder().encode("--frame\r\n" + "X-Nothing: 1\r\n".repeat(100));
  let passed = 0;
  for (let i = 0; i < 10; i++) for (const { bytes } of pieces.push(line)) passed += bytes.length;
  assert.ok(passed > 8 * line.length);
});

Deno.test("arbitrary bytes do not break it", () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
    const pieces = new PartPieces();
    for (const chunk of chunks) pieces.push(chunk);
  }));
});
