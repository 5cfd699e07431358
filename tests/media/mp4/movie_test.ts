import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeFileType, encodeMovie, mediaHead } from "../../../src/media/mp4/movie.ts";
import { avc1, mp4a, opus } from "../../../src/media/mp4/sample_entry.ts";
import { boxesOf, contentsOf, numbersOf } from "./boxes.ts";

const VIDEO = avc1({
  record: Uint8Array.of(1, 0x42, 0xc0, 0x1f, 0xff, 0xe0, 0),
  codec: "avc1.42c01f",
  width: 1280,
  height: 720,
});
const AAC = mp4a({ record: Uint8Array.of(0x11, 0x90), rate: 48_000, channels: 2 });

const TABLES = "mdia/minf/stbl";

const sample = fc.record({
  /** Between it and the one before. */
  gap: fc.oneof(fc.constant(0), fc.nat({ max: 2 ** 40 })),
  bytes: fc.nat({ max: 1_000_000 }),
  duration: fc.oneof(fc.constant(3_000), fc.nat({ max: 1_000_000 })),
  isKey: fc.boolean(),
});

const track = fc.record({
  entry: fc.constantFrom(VIDEO, opus(), AAC),
  start: fc.integer({ min: -1_000, max: 10_000 }),
  samples: fc.array(sample, { minLength: 1, maxLength: 30 }).map((samples) => {
    let end = 0;
    return samples.map(({ gap, ...sample }) => {
      const offset = end + gap;
      end = offset + sample.bytes;
      return { ...sample, offset };
    });
  }),
});

/** Reads rows of numbers behind a count. */
function rowsOf(contents: Uint8Array, width: number): number[][] {
  const [, count, ...numbers] = numbersOf(contents);
  assert.equal(numbers.length, count * width);
  return Array.from({ length: count }, (_, i) => numbers.slice(i * width, (i + 1) * width));
}

/** Reads where the chunks begin. */
function chunksOf(trak: Uint8Array): number[] {
  const table = contentsOf(trak, TABLES);
  if (boxesOf(table).some(({ type }) => type === "stco")) {
    return rowsOf(contentsOf(table, "stco"), 1).flat();
  }
  return rowsOf(contentsOf(table, "co64"), 2).map(([high, low]) => high * 2 ** 32 + low);
}

/** Reads the samples of a track back from its tables. */
function samplesOf(trak: Uint8Array) {
  const [, constant, count, ...sizes] = numbersOf(contentsOf(trak, `${TABLES}/stsz`));
  assert.equal(constant, 0);
  assert.equal(sizes.length, count);
  const durations = rowsOf(contentsOf(trak, `${TABLES}/stts`), 2)
    .flatMap(([count, duration]) => Array<number>(count).fill(duration));
  const hasKeys = boxesOf(contentsOf(trak, TABLES)).some(({ type }) => type === "stss");
  const keys = hasKeys ? rowsOf(contentsOf(trak, `${TABLES}/stss`), 1).flat() : null;
  const runs = rowsOf(contentsOf(trak, `${TABLES}/stsc`), 3);
  const offsets: number[] = [];
  chunksOf(trak).forEach((chunk, i) => {
    const [, length] = runs.findLast(([first]) => first <= i + 1)!;
    let at = chunk;
    for (let n = 0; n < length; n++) {
      offsets.push(at);
      at += sizes[offsets.length - 1];
    }
  });
  assert.equal(offsets.length, count);
  assert.equal(durations.length, count);
  return sizes.map((bytes, i) => ({
    ...{ bytes, offset: offsets[i], duration: durations[i] },
    isKey: keys === null || keys.includes(i + 1),
  }));
}

Deno.test("movie's tables say of each sample where it is, how long it lasts, and whether it is a key", () => {
  fc.assert(fc.property(fc.array(track, { minLength: 1, maxLength: 3 }), (tracks) => {
    const movie = contentsOf(encodeMovie(tracks), "moov");
    const traks = boxesOf(movie).filter(({ type }) => type === "trak");
    assert.equal(traks.length, tracks.length);
    traks.forEach(({ contents }, i) => assert.deepEqual(samplesOf(contents), tracks[i].samples));
  }));
});

Deno.test("movie's durations and edits agree with its samples and when they start", () => {
  fc.assert(fc.property(fc.array(track, { minLength: 1, maxLength: 3 }), (tracks) => {
    const movie = contentsOf(encodeMovie(tracks), "moov");
    const traks = boxesOf(movie).filter(({ type }) => type === "trak");
    const durations = traks.map(({ contents }, i) => {
      const { entry: { timescale }, samples, start } = tracks[i];
      const whole = samples.reduce((sum, { duration }) => sum + duration, 0);
      assert.deepEqual(numbersOf(contentsOf(contents, "mdia/mdhd")).slice(3, 5), [
        timescale,
        whole,
      ]);
      const [, , , id, , duration] = numbersOf(contentsOf(contents, "tkhd"));
      assert.equal(id, i + 1);
      const expected = Math.max(whole / timescale * 1000 + start, Math.max(0, start));
      assert(Math.abs(duration - expected) <= 1, `${duration}, not ${expected}`);
      const edits = start === 0 ? [] : rowsOf(contentsOf(contents, "edts/elst"), 3);
      if (start > 0) assert.deepEqual(edits[0], [start, 0xffffffff, 0x10000]);
      if (start < 0) {
        const skipped = Math.min(whole, Math.round(-start * timescale / 1000));
        assert.deepEqual(edits, [[duration, skipped, 0x10000]]);
      }
      return duration;
    });
    assert.equal(numbersOf(contentsOf(movie, "mvhd"))[4], Math.max(...durations));
  }));
});

Deno.test("movie has long tables, and offsets beyond 4 GiB only where needed", () => {
  const samples = Array.from({ length: 200_000 }, (_, i) => ({
    ...{ offset: 32_768 * i, bytes: 1_000, duration: 1 + i % 2, isKey: i % 30 === 0 },
  }));
  const types = (movie: Uint8Array) =>
    boxesOf(contentsOf(movie, `moov/trak/${TABLES}`)).map(({ type }) => type);
  assert(types(encodeMovie([{ entry: VIDEO, samples, start: 0 }])).includes("co64"));
  const few = samples.slice(0, 1_000);
  assert(types(encodeMovie([{ entry: VIDEO, samples: few, start: 0 }])).includes("stco"));
});

Deno.test("movie refuses a track without samples, or longer than can be said", () => {
  assert.throws(() => encodeMovie([{ entry: AAC, samples: [], start: 0 }]), RangeError);
  const hours = { offset: 0, bytes: 1, duration: 2 ** 31, isKey: true };
  const samples = [hours, hours];
  assert.throws(() => encodeMovie([{ entry: VIDEO, samples, start: 0 }]), RangeError);
});

Deno.test("media head is the head of a box of the given length", () => {
  const head = mediaHead(3);
  assert.deepEqual([...head], [0, 0, 0, 11, ...new TextEncoder().encode("mdat")]);
  assert.throws(() => mediaHead(2 ** 32 - 8), RangeError);
  assert.deepEqual(boxesOf(encodeFileType()).map(({ type }) => type), ["ftyp"]);
});
