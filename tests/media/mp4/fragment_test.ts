import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeFragment } from "../../../src/media/mp4/fragment.ts";
import { boxesOf, contentsOf, numbersOf } from "./boxes.ts";

const sample = fc.record({
  data: fc.uint8Array({ maxLength: 100 }),
  duration: fc.nat({ max: 1_000_000 }),
  isKey: fc.boolean(),
});

Deno.test("fragment has each sample's length, duration and kind, and where its data begins", () => {
  fc.assert(fc.property(
    fc.array(sample, { minLength: 1, maxLength: 10 }),
    fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    fc.maxSafeNat(),
    fc.constantFrom("video", "sound"),
    (samples, sequence, time, track) => {
      const bytes = encodeFragment({ sequence, track, time, samples });
      assert.deepEqual(boxesOf(bytes).map(({ type }) => type), ["moof", "mdat"]);
      assert.deepEqual(numbersOf(contentsOf(bytes, "moof/mfhd")), [0, sequence]);
      const [, id] = numbersOf(contentsOf(bytes, "moof/traf/tfhd"));
      assert.equal(id, track === "video" ? 1 : 2);
      const [, high, low] = numbersOf(contentsOf(bytes, "moof/traf/tfdt"));
      assert.equal(high * 2 ** 32 + low, time);
      const [, count, offset, ...rows] = numbersOf(contentsOf(bytes, "moof/traf/trun"));
      assert.equal(count, samples.length);
      assert.equal(rows.length, 3 * count);
      let at = offset;
      samples.forEach(({ data, duration, isKey }, i) => {
        const [given, length, flags] = rows.slice(3 * i);
        assert.deepEqual([given, length], [duration, data.length]);
        assert.equal((flags & 0x10000) === 0, isKey);
        assert.deepEqual([...bytes.subarray(at, at + length)], [...data]);
        at += length;
      });
      assert.equal(at, bytes.length);
    },
  ));
});
