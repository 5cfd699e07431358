import assert from "node:assert/strict";
import fc from "fast-check";
import { Ladder } from "../../../src/consumers/session/ladder.ts";
import { FILTERS, type Quality, Rendition, SCALES, SOURCE } from "../../../src/media/rendition.ts";

const quality: fc.Arbitrary<Quality> = fc.oneof(
  fc.constant<Quality>("source"),
  fc.integer({ min: 1, max: 100 }),
);
const scale = fc.constantFrom(...SCALES);
const rendition = fc.record({ quality, scale, filter: fc.constantFrom(...FILTERS) })
  .map((fields) => Rendition.of(fields));
const bytes = fc.integer({ min: 1, max: 500_000 });

const rank = (quality: Quality) => quality === "source" ? 100 : quality;

/** A ladder that has seen a source of so many bytes. */
function ladderOf(source: number): Ladder {
  const ladder = new Ladder();
  ladder.measured(SOURCE, source, 0);
  return ladder;
}

/** Every rendition that a viewer may be given in place of this one, the ceiling left out. */
function lowerOf(ceiling: Rendition): Rendition[] {
  const ladder = new Ladder(), found: Rendition[] = [];
  for (let next = ladder.unmeasured(ceiling, 0); next; next = ladder.unmeasured(ceiling, 0)) {
    found.push(next);
    ladder.measured(next, 1, 0);
  }
  return found;
}

Deno.test("Ladder begins with the ceiling and goes down in bytes, never above it", () => {
  fc.assert(
    fc.property(rendition, fc.array(fc.tuple(rendition, bytes)), (ceiling, measurements) => {
      const ladder = ladderOf(60_000);
      measurements.forEach(([one, bytes], i) => ladder.measured(one, bytes, i * 50));
      const rungs = ladder.under(ceiling);
      assert.equal(rungs[0].rendition, ceiling);
      rungs.slice(1).forEach((rung, i) => {
        assert.ok(rung.bytes < rungs[i].bytes);
        assert.ok(rank(rung.rendition.quality) <= rank(ceiling.quality));
        assert.ok(rung.rendition.scale <= ceiling.scale);
        assert.equal(rung.rendition.filter, ceiling.filter);
      });
    }),
  );
});

Deno.test("Ladder lowers only the quality of whoever asks for less than half the size", () => {
  for (const scale of [0.25, 0.125] as const) {
    const rungs = ladderOf(60_000).under(SOURCE.with({ scale }));
    assert.ok(rungs.length > 3);
    assert.ok(rungs.every(({ rendition }) => rendition.scale === scale));
    assert.ok(rungs.at(-1)!.bytes < rungs[0].bytes / 3);
  }
});

Deno.test("Ladder lowers quality first, then size, on a picture as usual", () => {
  const rungs = ladderOf(60_000).under(SOURCE);
  const firstHalf = rungs.findIndex(({ rendition }) => rendition.scale === 0.5);
  assert.ok(firstHalf > 2);
  assert.ok(rungs.slice(firstHalf).every(({ rendition }) => rendition.scale === 0.5));
  assert.ok(rungs.at(-1)!.bytes < rungs[0].bytes / 10);
});

Deno.test("Ladder has rungs near enough to each other to use a link, and few enough to share encodings", () => {
  assert.ok(lowerOf(SOURCE).length <= 22);
  const bytes = ladderOf(60_000).under(SOURCE).map((rung) => rung.bytes);
  bytes.slice(1).forEach((less, i) => assert.ok(less >= 0.75 * bytes[i], `${less} of ${bytes[i]}`));
});

Deno.test("Ladder goes by measured bytes, not by quality", () => {
  const [first, ...others] = lowerOf(SOURCE);
  const ladder = ladderOf(60_000);
  // A picture so plain that the better quality came out smaller.
  ladder.measured(first, 10_000, 0);
  for (const other of others) ladder.measured(other, 20_000, 0);
  const rungs = ladder.under(SOURCE);
  assert.equal(rungs.length, 3);
  assert.equal(rungs[2].rendition, first);
});

Deno.test("Ladder leaves out what saves next to nothing, or costs more than the ceiling", () => {
  const ladder = ladderOf(60_000);
  for (const lower of lowerOf(SOURCE)) ladder.measured(lower, 59_000, 0);
  assert.equal(ladder.under(SOURCE).length, 1);
  const dear = ladderOf(60_000);
  for (const lower of lowerOf(SOURCE)) dear.measured(lower, 70_000, 0);
  assert.equal(dear.under(SOURCE).length, 1);
});

Deno.test("Ladder follows sizes within two seconds, and one odd frame moves it little", () => {
  const ladder = ladderOf(60_000);
  for (let at = 0; at <= 1000; at += 33) ladder.measured(SOURCE, 60_000, at);
  ladder.measured(SOURCE, 120_000, 1033);
  assert.ok(ladder.bytesOf(SOURCE) < 64_000);
  for (let at = 1066; at <= 3066; at += 33) ladder.measured(SOURCE, 30_000, at);
  assert.ok(Math.abs(ladder.bytesOf(SOURCE) - 30_000) < 3000);
  assert.ok(Math.abs(ladder.under(SOURCE)[0].bytes - 30_000) < 5000);
});

Deno.test("Ladder guesses what was not measured from the source: finer is larger", () => {
  fc.assert(fc.property(quality, quality, scale, (one, other, scale) => {
    const ladder = ladderOf(60_000);
    const [low, high] = [one, other].sort((a, b) => rank(a) - rank(b))
      .map((quality) => ladder.bytesOf(SOURCE.with({ quality, scale })));
    assert.ok(low > 0 && low <= high && high <= 60_000);
  }));
});

Deno.test("Ladder takes a filter not to change the size, until it was measured", () => {
  const ladder = ladderOf(60_000);
  const half = SOURCE.with({ quality: 50 });
  ladder.measured(half, 41_000, 0);
  assert.equal(ladder.bytesOf(half.with({ filter: "sepia" })), 41_000);
  ladder.measured(half.with({ filter: "sepia" }), 52_000, 10);
  assert.equal(ladder.bytesOf(half.with({ filter: "sepia" })), 52_000);
  assert.equal(ladder.bytesOf(half), 41_000);
});

Deno.test("Ladder knows no size before any frame", () => {
  assert.equal(new Ladder().bytesOf(SOURCE), 0);
  assert.equal(new Ladder().under(SOURCE).length, 1);
});

Deno.test("Ladder names what should be measured, until it was and again when that is old", () => {
  const ladder = new Ladder();
  const all = lowerOf(SOURCE);
  for (const one of all) ladder.measured(one, 1000, 0);
  assert.equal(ladder.unmeasured(SOURCE, 1000), null);
  assert.notEqual(ladder.unmeasured(SOURCE, 10_000), null);
  assert.notEqual(ladder.unmeasured(SOURCE.with({ filter: "sepia" }), 1000), null);
});
