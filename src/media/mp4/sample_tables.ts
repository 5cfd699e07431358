import { fullBox, u32 } from "./box.ts";

/** A sample that stands somewhere in a file. */
export interface MovieSample {
  /** Where it begins, from the beginning of the file. */
  readonly offset: number;
  /** How long it is. */
  readonly bytes: number;
  /** How long it lasts: whole units of its track's time. */
  readonly duration: number;
  /** Whether a decoder may begin with it. */
  readonly isKey: boolean;
}

/** Of samples in a chunk: described by the first entry of `stsd`. */
const FIRST_ENTRY = 1;

/** A value that so many samples or chunks in a row have. */
interface Run {
  readonly value: number;
  count: number;
}

/** Encodes the tables that say where and when the samples of a track are (ISO/IEC 14496-12 sections 8.6 and 8.7). */
export function sampleTables(samples: readonly MovieSample[]): Uint8Array<ArrayBuffer>[] {
  const durations = runsOf(samples.map(({ duration }) => duration));
  const chunks = chunksOf(samples);
  const offsets = chunks.map(([{ offset }]) => offset);
  const keys = samples.flatMap(({ isKey }, index) => isKey ? [index + 1] : []);
  return [
    table("stts", durations.length, durations.flatMap(({ count, value }) => [count, value])),
    ...keys.length === samples.length ? [] : [table("stss", keys.length, keys)],
    chunkTable(chunks.map(({ length }) => length)),
    fullBox("stsz", {}, u32(0, samples.length), u32Table(samples.map(({ bytes }) => bytes))),
    offsets.some((offset) => offset > 0xffffffff)
      ? fullBox("co64", {}, u32(offsets.length), u32Table(offsets.flatMap(halves)))
      : table("stco", offsets.length, offsets),
  ];
}

/** Encodes `stsc`: how many samples are in the chunks, from which chunk on. */
function chunkTable(lengths: readonly number[]): Uint8Array<ArrayBuffer> {
  let first = 1;
  const runs = runsOf(lengths);
  const rows = runs.flatMap(({ count, value }) => {
    const row = [first, value, FIRST_ENTRY];
    first += count;
    return row;
  });
  return table("stsc", runs.length, rows);
}

/** Splits samples into chunks, in which each sample stands right behind the one before. */
function chunksOf(samples: readonly MovieSample[]): MovieSample[][] {
  const chunks: MovieSample[][] = [];
  let end = -1;
  for (const sample of samples) {
    if (sample.offset === end) chunks[chunks.length - 1].push(sample);
    else chunks.push([sample]);
    end = sample.offset + sample.bytes;
  }
  return chunks;
}

function runsOf(values: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last?.value === value) last.count++;
    else runs.push({ value, count: 1 });
  }
  return runs;
}

function table(type: string, count: number, rows: readonly number[]): Uint8Array<ArrayBuffer> {
  return fullBox(type, {}, u32(count), u32Table(rows));
}

/** Encodes numbers of 32 bits, more than a call can have arguments. */
function u32Table(numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, index) => view.setUint32(4 * index, number));
  return bytes;
}

/** Returns the two halves of a number of 64 bits. */
function halves(number: number): [number, number] {
  return [Math.floor(number / 2 ** 32), number % 2 ** 32];
}
