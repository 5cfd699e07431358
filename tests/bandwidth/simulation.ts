import { Ladder } from "../../src/bandwidth/ladder.ts";
import { Steering } from "../../src/bandwidth/steering.ts";
import { type Rendition, renditionKey, SOURCE } from "../../src/frame.ts";

/** Bytes of a frame of 720p, by rendition: a real one. */
const SIZES: Readonly<Record<string, number>> = {
  "source/1/none": 60_000,
  "70/1/none": 56_000,
  "50/1/none": 48_000,
  "35/1/none": 38_000,
  "20/1/none": 27_000,
  "10/1/none": 18_500,
  "35/0.5/none": 12_600,
  "20/0.5/none": 8_700,
  "10/0.5/none": 5_800,
  "5/0.5/none": 4_300,
};

export interface Scenario {
  /** Bits a second that the link carries at a time in milliseconds. */
  readonly capacity: (at: number) => number;
  readonly seconds: number;
  readonly evidence: "page" | "kernel" | "pull";
  readonly fps?: number;
  /** Milliseconds one way. */
  readonly latency?: number;
  /** Bytes that a token bucket lets through at once after an idle time. */
  readonly burst?: number;
  /** When frames come; all the time by default. */
  readonly busy?: (at: number) => boolean;
  /** Share of the moments (10 ms each) in which the link gives nothing: losses and their repair. */
  readonly loss?: (at: number) => boolean;
  /** How much frame sizes swing about the mean, 0..1. */
  readonly swing?: number;
  readonly ceiling?: Rendition;
  readonly allowance?: (at: number) => number;
}

export interface Seen {
  readonly at: number;
  readonly age: number;
  readonly rendition: string;
  readonly bytes: number;
}

export interface Outcome {
  readonly seen: readonly Seen[];
  /** When the rendition that was sent changed. */
  readonly changes: readonly number[];
  readonly sent: number;
}

/** How often a page reports and the kernel is asked. Milliseconds. */
const PAGE_EVERY_MS = 100;
const KERNEL_EVERY_MS = 140;
/** From the last byte to the screen. */
const PAINT_MS = 20;
/** What the kernel takes before the body stream waits. */
const KERNEL_BUFFER = 1_500_000;

/**
 * One viewer behind a link that carries so and so much, and before whom everything else is real:
 * the steering, the ladder. Time goes by in steps of a millisecond.
 */
export function simulate(scenario: Scenario): Outcome {
  const { capacity, seconds, evidence, fps = 30, latency = 2, burst = 0, swing = 0 } = scenario;
  const { busy = () => true, loss = () => false, ceiling = SOURCE } = scenario;
  const allowance = scenario.allowance ?? (() => Infinity);
  const ladder = new Ladder();
  for (const [key, bytes] of Object.entries(SIZES)) {
    const [quality, scale, filter] = key.split("/");
    ladder.measured(
      {
        quality: quality === "source" ? quality : Number(quality),
        scale: Number(scale) as 1 | 0.5,
        filter: filter as "none",
      },
      bytes,
      0,
    );
  }
  const steering = new Steering({ ladder, reports: evidence === "page", at: 0 });
  const interval = 1000 / fps;
  const queue: { sequence: number; end: number; capturedAt: number; key: string }[] = [];
  const arriving: {
    at: number;
    sequence: number;
    capturedAt: number;
    key: string;
    bytes: number;
  }[] = [];
  const reports: { at: number; sequence: number; paintedAt: number }[] = [];
  const seen: Seen[] = [], changes: number[] = [];
  const history: number[] = [];
  let written = 0, through = 0, tokens = burst, nextFrame = 0, sequence = 0, sent = 0;
  let mailbox: { sequence: number; capturedAt: number; rendition: Rendition } | null = null;
  let pulling = true, lastKey = "", painted: { sequence: number; at: number } | null = null;
  let reported = 0;

  for (let now = 0; now < seconds * 1000; now++) {
    // The link.
    if (!loss(now)) {
      tokens = Math.min(tokens + capacity(now) / 8000, Math.max(burst, capacity(now) / 8000));
      const moved = Math.min(tokens, written - through);
      through += moved;
      tokens -= moved;
    }
    history.push(through);
    while (queue.length > 0 && queue[0].end <= through) {
      const { sequence, capturedAt, key } = queue[0];
      const bytes = SIZES[key] ?? 0;
      arriving.push({ at: now + latency + PAINT_MS, sequence, capturedAt, key, bytes });
      queue.shift();
    }
    while (arriving.length > 0 && arriving[0].at <= now) {
      const { at, sequence, capturedAt, key, bytes } = arriving.shift()!;
      seen.push({ at, age: at - PAINT_MS - capturedAt, rendition: key, bytes });
      painted = { sequence, at };
    }
    // What is known of it.
    if (
      evidence === "page" && now % PAGE_EVERY_MS === 0 && painted && painted.sequence > reported
    ) {
      reports.push({ at: now + latency, sequence: painted.sequence, paintedAt: painted.at });
      reported = painted.sequence;
    }
    while (reports.length > 0 && reports[0].at <= now) {
      const { sequence, paintedAt } = reports.shift()!;
      steering.painted(sequence, paintedAt + latency);
    }
    if (evidence === "kernel" && now % KERNEL_EVERY_MS === 70) {
      // It is acknowledged one round trip after it was sent.
      const queued = Math.round(written - (history[now - 2 * latency] ?? 0));
      const shortestRoundTrip = 2 * latency;
      const acknowledged = 300 + written - queued;
      steering.asked({ queued, acknowledged, shortestRoundTrip }, steering.written, now);
    }
    if (!pulling && written - through < KERNEL_BUFFER) {
      pulling = true;
      steering.pulled(now);
    }
    // The camera and the server.
    if (now >= nextFrame) {
      nextFrame += interval;
      if (busy(now)) {
        sequence++;
        const bounds = { ceiling, fps, allowance: allowance(now) };
        const rendition = steering.decide(now, bounds);
        if (mailbox) steering.offered(now, true);
        mailbox = { sequence, capturedAt: now, rendition };
      }
    }
    if (mailbox && pulling && steering.waitFor(now) <= 0) {
      steering.offered(now, false);
      const key = renditionKey(mailbox.rendition);
      const factor = 1 + swing * Math.sin(mailbox.sequence * 0.7);
      const bytes = Math.round(SIZES[key] * factor) + steering.padding;
      written += bytes;
      sent += bytes;
      queue.push({ sequence: mailbox.sequence, end: written, capturedAt: mailbox.capturedAt, key });
      const part = { sequence: mailbox.sequence, bytes, capturedAt: mailbox.capturedAt, at: now };
      steering.wrote(part, allowance(now));
      if (key !== lastKey && lastKey !== "") changes.push(now);
      lastKey = key;
      mailbox = null;
      pulling = false;
    }
  }
  return { seen, changes, sent };
}

/** What was seen in a span of time, in figures. */
export function figures({ seen, changes }: Outcome, from: number, to: number) {
  const part = seen.filter(({ at }) => at >= from && at < to);
  const ages = part.map(({ age }) => age).sort((a, b) => a - b);
  const quantile = (share: number) =>
    ages[Math.min(ages.length - 1, Math.floor(share * ages.length))];
  return {
    fps: part.length / (to - from) * 1000,
    median: quantile(0.5),
    p99: quantile(0.99),
    max: ages.at(-1) ?? Infinity,
    changes: changes.filter((at) => at >= from && at < to).length,
    renditions: [...new Set(part.map(({ rendition }) => rendition))],
  };
}
