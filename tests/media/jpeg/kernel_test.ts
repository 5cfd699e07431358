import assert from "node:assert/strict";
import fc from "fast-check";
import { CorruptJpegError } from "../../../src/errors.ts";
import {
  allocate,
  borrowing,
  bytesAt,
  KernelOverrunError,
  placeDecoder,
  release,
} from "../../../src/media/jpeg/kernel.ts";
import { decoder_size, make_decoder } from "../../../src/media/jpeg/kernel.wasm";

/** How many codes of each length, possible or not. */
const counts = fc.uint8Array({ minLength: 16, maxLength: 16 });

/** As many as fit (T.81 annex C), but perhaps more than there are symbols. */
const fittingCounts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: 16,
  maxLength: 16,
}).map((shares) => {
  let free = 1;
  return Uint8Array.from(shares, (share, i) => {
    free *= 2;
    const count = Math.min(255, Math.floor(free * (i < 8 ? share ** 8 : share)));
    free -= count;
    return count;
  });
});

function canBe(counts: Uint8Array): boolean {
  let free = 1;
  const fits = counts.every((count) => (free = free * 2 - count) >= 0);
  return fits && counts.reduce((sum, count) => sum + count, 0) <= 256;
}

Deno.test("kernel makes a decoder of every possible table and no other, and never overruns", () => {
  let refused = 0;
  let made = 0;
  fc.assert(
    fc.property(fc.oneof(counts, fittingCounts), fc.boolean(), (counts, isAc) => {
      const symbols = new Uint8Array(16 * 255).fill(0xff);
      const kind = isAc ? "ac" : "dc";
      try {
        if (canBe(counts)) {
          made++;
          placeDecoder({ counts, symbols }, kind);
        } else {
          refused++;
          assert.throws(() => placeDecoder({ counts, symbols }, kind), CorruptJpegError);
        }
      } finally {
        release();
      }
    }),
    { numRuns: 1000 },
  );
  assert.ok(made > 100 && refused > 100, `${made} made, ${refused} refused`);
});

Deno.test("kernel's memory reports a write beyond an allocation", () => {
  for (const bytes of [0, 1, 8, 13, decoder_size()]) {
    const pointer = allocate(bytes);
    bytesAt(pointer, bytes).fill(7);
    release();
    bytesAt(allocate(bytes), Math.ceil(bytes / 8) * 8 + 1).fill(7);
    assert.throws(release, KernelOverrunError);
    release();
    assert.throws(
      () => borrowing(() => bytesAt(allocate(bytes), Math.ceil(bytes / 8) * 8 + 8).fill(7)),
      KernelOverrunError,
    );
  }
});

Deno.test("kernel's decoder of too many codes is refused before its last byte", () => {
  const counts = allocate(16);
  const symbols = allocate(1020);
  const decoder = allocate(decoder_size());
  bytesAt(counts, 16).set([...new Uint8Array(12), 255, 255, 255, 255]);
  assert.equal(make_decoder(decoder, counts, symbols, 1), 0);
  release();
});
