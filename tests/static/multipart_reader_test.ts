import assert from "node:assert/strict";
import fc from "fast-check";
import { frameOf } from "../../src/media/packet.ts";
import { encodePart, MULTIPART_CONTENT_TYPE, OPENING } from "../../src/media/multipart.ts";
import { SOURCE } from "../../src/media/rendition.ts";
import { boundaryOf, MultipartReader } from "../../static/js/multipart_reader.js";
import { join } from "../support/jpegs.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function streamOf(bodies: readonly Uint8Array[]): Uint8Array {
  const parts = bodies.map((body, i) =>
    encodePart(frameOf(new Uint8Array(), i + 1, 1500), SOURCE, body)
  );
  return join(OPENING, ...parts.map((part) => part.bytes));
}

function readAll(chunks: readonly Uint8Array[], maxBytes?: number) {
  const reader = new MultipartReader({ boundary: "frame", maxBytes });
  return chunks.flatMap((chunk) => reader.push(chunk));
}

/** Cuts at each of the places, which are fractions of the length. */
function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = places.map((place) => Math.floor(place * whole.length)).sort((a, b) => a - b);
  return [0, ...at].map((from, i) => whole.subarray(from, at[i] ?? whole.length));
}

const bodies = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 6 });
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

Deno.test("multipart reader returns the server's parts, however they are chunked", () => {
  fc.assert(fc.property(bodies, places, (bodies, places) => {
    const parts = readAll(cut(streamOf(bodies), places));
    assert.deepEqual(parts.map((part) => part.body), bodies);
    assert.deepEqual(
      parts.map(({ headers }) => headers.get("x-sequence")),
      bodies.map((_, i) => String(i + 1)),
    );
  }));
});

Deno.test("multipart reader returns a part at its last byte, before the next boundary", () => {
  const stream = streamOf([bytes("picture")]);
  const end = stream.length - "\r\n--frame\r\n".length;
  const reader = new MultipartReader({ boundary: "frame" });
  assert.equal(reader.push(stream.subarray(0, end - 1)).length, 0);
  assert.equal(reader.push(stream.subarray(end - 1, end)).length, 1);
});

Deno.test("multipart reader accepts a body that looks like a boundary", () => {
  const body = bytes("\r\n--frame\r\nContent-Length: 3\r\n\r\nabc\r\n--frame\r\n");
  assert.deepEqual(readAll([streamOf([body, body])]).map((part) => part.body), [body, body]);
});

Deno.test("multipart reader accepts bare line feeds, any case of names, and a preamble", () => {
  const [part] = readAll([bytes("hello\n--frame\ncontent-LENGTH:2\nX-Quality:  20 \n\nab")]);
  assert.deepEqual(part.body, bytes("ab"));
  assert.equal(part.headers.get("x-quality"), "20");
});

Deno.test("multipart reader refuses parts without a valid length or beyond its limits", () => {
  const refused = [
    "--frame\r\nX: y\r\n\r\n",
    "--frame\r\nContent-Length: -1\r\n\r\n",
    "--frame\r\nContent-Length: 1e3\r\n\r\n",
    "--frame\r\nContent-Length: 1001\r\n\r\n",
    "--frame\r\nno colon\r\n",
    "x".repeat(9000),
    "--frame\r\n" + Array.from({ length: 65 }, (_, i) => `X-${i}: y\r\n`).join(""),
  ];
  for (const text of refused) {
    assert.throws(() => readAll([bytes(text)], 1000), SyntaxError, text.slice(0, 40));
  }
});

Deno.test("multipart reader throws nothing but SyntaxError, whatever the bytes", () => {
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom("--frame\r\n", "Content-Length: 5\r\n", "\r\n", "\n", "--frame--").map(bytes),
  );
  fc.assert(fc.property(fc.array(junk, { maxLength: 20 }), (chunks) => {
    try {
      readAll(chunks, 1000);
    } catch (error) {
      assert(error instanceof SyntaxError, String(error));
    }
  }));
});

Deno.test("boundaryOf finds the boundary in a content type", () => {
  assert.equal(boundaryOf(MULTIPART_CONTENT_TYPE), "frame");
  assert.equal(boundaryOf('multipart/x-mixed-replace;boundary="a b"'), "a b");
  assert.equal(boundaryOf("multipart/x-mixed-replace; charset=x; boundary=ab; y=z"), "ab");
  assert.equal(boundaryOf("image/jpeg; boundary=frame"), null);
  assert.equal(boundaryOf(""), null);
});
