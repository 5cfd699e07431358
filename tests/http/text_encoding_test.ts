import assert from "node:assert/strict";
import { Buffer, isUtf8 } from "node:buffer";
import fc from "fast-check";
import { decodeForm, decodeText } from "../../src/http/text_encoding.ts";

/** Text of ISO-8859-1 whose bytes are not by chance those of other text in UTF-8. */
const latin = fc.array(fc.integer({ min: 0xa0, max: 0xff }), { minLength: 1, maxLength: 20 })
  .map((codes) => String.fromCharCode(...codes))
  .filter((text) => !isUtf8(Buffer.from(text, "latin1")));
const unicode = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) =>
  text.isWellFormed()
);

Deno.test("decodeText decodes any text in UTF-8, and Latin letters in ISO-8859-1", () => {
  fc.assert(fc.property(unicode, (text) => assert.equal(decodeText(Buffer.from(text)), text)));
  fc.assert(
    fc.property(latin, (text) => assert.equal(decodeText(Buffer.from(text, "latin1")), text)),
  );
  assert.equal(decodeText(Uint8Array.of(0x80, 0xfc)), "€ü");
  assert.equal(decodeText(Uint8Array.of()), "");
});

Deno.test("decodeForm decodes browsers' forms as URLSearchParams does", () => {
  fc.assert(fc.property(fc.dictionary(unicode, unicode), (fields) => {
    const sent = new URLSearchParams(fields);
    const read = decodeForm(Buffer.from(sent.toString()));
    assert.deepEqual([...read], [...sent]);
  }));
});

Deno.test("decodeForm decodes Latin letters, literal and percent-encoded", () => {
  fc.assert(fc.property(latin, latin, (name, value) => {
    const escaped = Buffer.from(value, "latin1").toString("hex").replace(/../g, "%$&");
    for (const written of [value, escaped, escaped.toUpperCase()]) {
      const read = decodeForm(Buffer.from(`a+b=1%262&${name}=${written}`, "latin1"));
      assert.deepEqual([...read], [["a b", "1&2"], [name, value]]);
    }
  }));
});

Deno.test("decodeForm never throws", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (body) => void decodeForm(body)));
});
