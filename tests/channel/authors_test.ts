import assert from "node:assert/strict";
import fc from "fast-check";
import { Authors, hueOf } from "../../src/channel/authors.ts";

const secret = (byte: number) => new Uint8Array(32).fill(byte);

Deno.test("Authors derives an author by HMAC-SHA-256 of the viewer's id", () => {
  // printf viewer | openssl dgst -sha256 -mac HMAC -macopt hexkey:0101…01, first 16 bytes
  assert.equal(new Authors(secret(1)).authorOf("viewer"), "N-7WYNwjYH_TXU7ZPiWNyw");
});

Deno.test("Authors derives the same author each time, and another one on another server", () => {
  fc.assert(fc.property(fc.uuid(), fc.uuid(), (one, other) => {
    fc.pre(one !== other);
    const first = new Authors(secret(1));
    assert.equal(first.authorOf(one), new Authors(secret(1)).authorOf(one));
    assert.notEqual(first.authorOf(one), first.authorOf(other));
    assert.notEqual(first.authorOf(one), new Authors(secret(2)).authorOf(one));
  }));
});

Deno.test("Authors derives the same author after twenty thousand others", () => {
  const authors = new Authors(secret(1));
  const first = authors.authorOf("first");
  for (let i = 0; i < 20_000; i++) authors.authorOf(`viewer ${i}`);
  assert.equal(authors.authorOf("first"), first);
});

Deno.test("hueOf spreads authors over the circle", () => {
  const authors = new Authors(secret(7));
  const sixths = new Array(6).fill(0);
  for (let i = 0; i < 600; i++) {
    const hue = hueOf(authors.authorOf(String(i)));
    assert.ok(Number.isInteger(hue) && hue >= 0 && hue < 360);
    sixths[Math.floor(hue / 60)]++;
  }
  assert.ok(Math.min(...sixths) > 70, `${sixths}`);
});
