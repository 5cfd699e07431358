import { FILTERS, SCALES } from "../../src/media/rendition.ts";
import type { SeenFrame } from "../support/stream_client.ts";
import type { SoakRecord } from "./record.ts";
import { median, quantile, slope } from "./statistics.ts";

/** One condition of a soak, with the measured and the allowed value in words. */
export interface Verdict {
  readonly what: string;
  readonly found: string;
  readonly allowed: string;
  readonly holds: boolean;
}

/*
 * A busy machine of half the speed still stays within these limits; a leak of a few kilobytes per
 * visitor or a frozen stream does not.
 */

/** A visitor may leave only their choices behind; the rest allows for caches. MiB. */
const HEAP_GROWTH = 2.5;
const HEAP_OF_VISIT = 0.001;
const BUFFER_GROWTH = 10;

/** Allowed objects of one class per visit. */
const LEFT_BEHIND = 0.2;

/** The garbage collector returns memory to the system at its own pace. MiB. */
const MEMORY_GROWTH = 80;
const TREND = 40;

const FILES_MORE = 3;

/** Deno's own threads come and go. */
const THREADS_MORE = 8;

/** A database page holds some rows, and there are indices. Bytes. */
const BYTES_A_ROW = 1500;
const EMPTY_DATABASE = 200_000;

/** SQLite restarts its write-ahead log at 1000 pages or a little later. */
const LOG_BYTES = 5_000_000;

/** Share of the camera's frames, whose number may drop on a busy machine. */
const LEAST_FRAMES = 1 / 3;

/** Without a new frame, the last one is repeated every second. Milliseconds. */
const LONGEST_GAP = 2_500;
const LONGEST_FAULTY_GAP = 5_000;
const OLDEST_MEDIAN = 500;

/** Shutdown may take 2 s. */
const LONGEST_END = 4_000;

/** Returns all conditions of a soak and whether each holds. */
export function judge(record: SoakRecord): Verdict[] {
  const { before, after, end, watched, acknowledged, missing, complaints, tally } = record;
  const verdicts: Verdict[] = [];
  const atMost = (what: string, found: number, limit: number, unit = "") =>
    void verdicts.push({
      what,
      found: `${round(found)}${unit}`,
      allowed: `at most ${round(limit)}${unit}`,
      holds: found <= limit,
    });
  const atLeast = (what: string, found: number, limit: number, unit = "") =>
    void verdicts.push({
      what,
      found: `${round(found)}${unit}`,
      allowed: `at least ${round(limit)}${unit}`,
      holds: found >= limit,
    });
  const none = (what: string, found: readonly string[]) =>
    void verdicts.push({
      what,
      found: found.length === 0 ? "none" : `${found.length}: ${found.slice(0, 3).join("; ")}`,
      allowed: "none",
      holds: found.length === 0,
    });

  // Leaks.
  const visits = sumOf(tally, /^visit: /);
  atMost("viewers left", after.viewers, 0);
  if (before.heap && after.heap) {
    const heapLimit = HEAP_GROWTH + HEAP_OF_VISIT * visits;
    atMost("heap more than before", after.heap.objects - before.heap.objects, heapLimit, " MiB");
    const buffers = after.heap.buffers - before.heap.buffers;
    atMost("buffers more than before", buffers, BUFFER_GROWTH, " MiB");
  }
  const { after: left, anew } = record.census;
  if (left && anew) none("objects left by visits", leftBehind(left, anew, visits));
  atMost("memory more than before", after.memory - before.memory, MEMORY_GROWTH, " MiB");
  atMost("memory's trend in the second half", trendOf(record), TREND, " MiB");
  atMost("files more than before", after.files - before.files, FILES_MORE);
  atMost("sockets more than before", after.sockets - before.sockets, FILES_MORE);
  atMost("threads more than before", after.threads - before.threads, THREADS_MORE);
  atMost("workers more or less", Math.abs(after.workers - before.workers), 0);
  const { children } = after;
  verdicts.push({
    what: "processes",
    found: children.join(", "),
    allowed: "ffmpeg",
    holds: children.join() === "ffmpeg",
  });

  // Stored data.
  const rows = acknowledged.messages + acknowledged.donations;
  atLeast("messages acknowledged", acknowledged.messages, record.seconds / 4);
  atLeast("donations acknowledged", acknowledged.donations, record.seconds / 20);
  none("missing after a restart", missing);
  atMost("database", end.database.main / 1e3, (EMPTY_DATABASE + BYTES_A_ROW * rows) / 1e3, " kB");
  atMost("its log while running", after.database.log / 1e3, LOG_BYTES / 1e3, " kB");
  atMost("its log after the end", end.database.log, 0, " B");

  // Steady viewers.
  const captured = capturedOf(record);
  for (const { name, fps, frames } of record.steady) {
    const calm = calmSeconds(record);
    const seen = frames.filter(({ at }) => isCalm(record, secondOf(record, at))).length / calm;
    atLeast(`${name}: frames a second`, seen, LEAST_FRAMES * Math.min(fps, captured));
    const { quiet, faulty } = longestGaps(record, frames);
    atMost(`${name}: longest pause`, quiet, LONGEST_GAP, " ms");
    atMost(`${name}: longest pause by a fault`, faulty, LONGEST_FAULTY_GAP, " ms");
    atMost(`${name}: median age`, median(frames.map(({ age }) => age)), OLDEST_MEDIAN, " ms");
  }

  // Requests and log.
  atLeast("seconds without a fault", calmSeconds(record), (watched.to - watched.from) / 10, " s");
  atLeast("visits", visits, record.seconds);
  atLeast("kinds of visit", [...tally.keys()].filter((key) => key.startsWith("visit: ")).length, 7);
  none("complaints", complaints);
  const errors = record.log.filter(({ level, at }) =>
    level === "error" || level === "warn" && isCalm(record, at) && at >= watched.from
  );
  none("errors in the log", errors.map(({ at, message }) => `${message} (${round(at)} s)`));

  // Shutdown.
  atMost("exit code", end.code, 0);
  atMost("end", end.milliseconds, LONGEST_END, " ms");
  atMost("ffmpegs that outlived it", end.orphans, 0);
  return verdicts;
}

/** Returns the growth of memory over the second half of the crowd's presence. MiB. */
export function trendOf({ samples, watched }: SoakRecord): number {
  const middle = (watched.from + watched.to) / 2;
  const half = samples.filter(({ at }) => at >= middle && at <= watched.to);
  return slope(half.map(({ at, memory }) => [at, memory])) * (watched.to - middle);
}

/** All renditions there are: 101 qualities, in every size, with every filter. */
const RENDITIONS = 101 * SCALES.length * FILTERS.length;

/** Returns classes with more objects than in a fresh program, by a share of the visits. */
function leftBehind(
  left: ReadonlyMap<string, number>,
  anew: ReadonlyMap<string, number>,
  visits: number,
): string[] {
  return [...left].flatMap(([name, count]) => {
    // Remembered data, such as a viewer's choices, has no class of its own; buffers are
    // counted in bytes.
    if (/^(Object|Array|Map|ArrayBuffer|Uint8Array|system .*|)$/.test(name)) return [];
    // There is one object for each rendition ever requested.
    if (name === "Rendition" && count <= RENDITIONS) return [];
    const more = count - (anew.get(name) ?? 0);
    return more > LEFT_BEHIND * visits ? [`${more} ${name}`] : [];
  });
}

/** Returns frame rates of the steady viewers, and ages, for the table in docs/benchmarks.md. */
export function summaryOf(record: SoakRecord): string[] {
  const { tally, samples, watched, steady, dropped, before, after } = record;
  const crowded = samples.filter(({ at }) => at >= watched.from && at <= watched.to);
  const memories = crowded.map(({ memory }) => memory);
  const [first, last] = [crowded[0], crowded.at(-1)!];
  const ages = steady.flatMap(({ frames }) =>
    frames.filter(({ at }) => isCalm(record, secondOf(record, at))).map(({ age }) => age)
  );
  return [
    `${sumOf(tally, /^visit: /)} visits, ${tally.get("stream opened")} streams, ` +
    `${tally.get("live opened")} live connections, ` +
    `${sumOf(tally, /^(GET|POST) /)} other requests, ${dropped} dropped because they read nothing`,
    `viewers at a time: median ${median(crowded.map(({ viewers }) => viewers))}, ` +
    `most ${Math.max(...crowded.map(({ viewers }) => viewers))}`,
    `memory: ${round(before.memory)} MiB before, ${round(median(memories))} median, ` +
    `${round(Math.max(...memories))} most, ${round(after.memory)} after`,
    `cores: ${round((last.cpu - first.cpu) / (last.at - first.at))}`,
    `frames a second from the camera: median ${round(capturedOf(record))}`,
    `age of a frame: median ${round(median(ages))} ms, p99 ${round(quantile(ages, 0.99))} ms`,
    `longest pause of the load itself: ${round(Math.max(...crowded.map(({ pause }) => pause)))} ms`,
  ];
}

/** Returns the camera's frame rate outside faults. */
function capturedOf(record: SoakRecord): number {
  const { samples, watched } = record;
  const calm = samples.filter(({ at }) => at >= watched.from && at <= watched.to)
    .filter(({ at }) => isCalm(record, at));
  return median(calm.map(({ captured }) => captured));
}

function secondOf({ beganAt }: SoakRecord, at: number): number {
  return (at - beganAt) / 1000;
}

function isCalm({ faults }: SoakRecord, second: number): boolean {
  return !faults.some(({ from, to }) => second >= from && second <= to);
}

function calmSeconds({ faults, watched }: SoakRecord): number {
  return watched.to - watched.from - faults.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Returns the longest pauses between frames, outside and during faults. Milliseconds. */
function longestGaps(record: SoakRecord, frames: readonly SeenFrame[]) {
  const { watched, faults } = record;
  const seconds = frames.map(({ at }) => secondOf(record, at)).filter((at) => at <= watched.to);
  const times = [watched.from, ...seconds, watched.to];
  let quiet = 0, faulty = 0;
  for (let i = 1; i < times.length; i++) {
    const [from, to] = [times[i - 1], times[i]];
    const gap = 1000 * (to - from);
    if (faults.some((fault) => fault.from <= to && fault.to >= from)) {
      faulty = Math.max(faulty, gap);
    } else quiet = Math.max(quiet, gap);
  }
  return { quiet, faulty };
}

function sumOf(tally: ReadonlyMap<string, number>, names: RegExp): number {
  return [...tally].reduce((sum, [name, count]) => names.test(name) ? sum + count : sum, 0);
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}
