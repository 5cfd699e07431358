import { maxMinShares } from "../../../src/audience/fairness.ts";
import { Ladder } from "../../../src/consumers/session/ladder.ts";
import { Probes } from "../../../src/consumers/session/probes.ts";
import type { SocketStatistics } from "../../../src/net/socket_statistics.ts";
import { Steering } from "../../../src/consumers/session/steering.ts";
import { type Rendition, SOURCE } from "../../../src/media/rendition.ts";

/** Bytes of a frame of 720p by quality, as measured with a webcam's picture. */
const SIZES: Readonly<Record<"1" | "0.5", readonly (readonly [number, number])[]>> = {
  1: [[1, 12_000], [10, 18_500], [20, 27_000], [35, 38_000], [50, 48_000], [70, 56_000], [
    100,
    60_000,
  ]],
  0.5: [[1, 3_500], [5, 4_300], [10, 5_800], [20, 8_700], [35, 12_600], [50, 15_600], [
    100,
    27_000,
  ]],
};

/** Bytes of a frame that is as usual. */
export function sizeOf({ quality, scale }: Rendition): number {
  const wanted = quality === "source" ? 100 : quality;
  const known = SIZES[scale === 1 ? 1 : 0.5];
  const above = Math.max(1, known.findIndex(([at]) => at >= wanted));
  const [q0, bytes0] = known[above - 1], [q1, bytes1] = known[above];
  return Math.round(bytes0 + (bytes1 - bytes0) * (wanted - q0) / (q1 - q0));
}

/** One who watches, and what they may have. */
export interface Watching {
  readonly evidence: "page" | "kernel" | "pull";
  readonly fps?: number;
  /** Milliseconds one way. */
  readonly latency?: number;
  /** Frames a second that they take; all by default. */
  readonly takes?: (at: number) => number;
  /** Bytes a millisecond that they read, however large the frames are; no limit by default. */
  readonly relays?: number;
  /** Bytes that the other end's system keeps of what they have not taken. */
  readonly window?: number;
  /** Whether the kernel is asked as well where a page reports. */
  readonly asks?: boolean;
  /** What the kernel reports of that window: its size, too, only how long it was closed, or neither. */
  readonly windowReport?: "size" | "closed" | "none";
  /** When frames come; all the time by default. */
  readonly busy?: (at: number) => boolean;
  /** How much frame sizes swing about the mean, 0..1. */
  readonly swing?: number;
  /** What the scene makes of the sizes of frames, which then are measured as they come; 1 is as usual. */
  readonly scene?: (at: number) => number;
  readonly ceiling?: Rendition;
  /** Bits a second that they may have at most. */
  readonly allowance?: (at: number) => number;
  /** When they begin to watch, in milliseconds. */
  readonly from?: number;
  /** 2 counts double where an uplink is shared. */
  readonly weight?: number;
}

/** What lies between the server and those who watch. */
export interface Network {
  /** Bits a second that the link carries at a time in milliseconds. */
  readonly capacity: (at: number) => number;
  readonly seconds: number;
  /** Bytes that a token bucket lets through at once after an idle time. */
  readonly burst?: number;
  /** Whether the link gives nothing at that time: losses and their repair. */
  readonly loss?: (at: number) => boolean;
  /**
   * Whose bytes go next: `arrival` for one queue, first in, first out; `turns` where all who have
   * something to send go by turns, which is nearer to what connections of TCP make of a full link.
   */
  readonly order?: "arrival" | "turns";
  /** Bits a second that the server may send in all, shared as the server shares them. */
  readonly uplink?: number;
}

export type Scenario = Network & Watching;

export interface Seen {
  readonly at: number;
  readonly age: number;
  readonly rendition: Rendition;
}

export interface Sent {
  readonly at: number;
  readonly rendition: Rendition;
  /** With the padding. */
  readonly bytes: number;
  readonly padding: number;
}

export interface Outcome {
  readonly seen: readonly Seen[];
  readonly sent: readonly Sent[];
  /** When the rendition that was sent changed. */
  readonly changes: readonly number[];
}

/** Something that happened to a frame at a page. */
interface Moment {
  readonly sequence: number;
  readonly at: number;
}

/** How often a page reports and the kernel is asked. Milliseconds. */
const PAGE_EVERY_MS = 100;
const KERNEL_EVERY_MS = 140;
/** How often an uplink is shared anew. Milliseconds. */
const SHARE_EVERY_MS = 250;
/** From the last byte to the screen. */
const PAINT_MS = 20;
/** What the kernel takes before the body stream waits. */
const KERNEL_BUFFER = 1_500_000;
/** What a system keeps of what a program has not taken, and more of what is taken at once. */
const WINDOW_BYTES = 256_000;
const LARGE_WINDOW_BYTES = 4_000_000;
/** What goes over the link at once. */
const SEGMENT_BYTES = 1448;
/** What the kernel counts besides the parts: the head of the response. */
const HEAD_BYTES = 300;

/**
 * One viewer behind a link that carries so and so much, and before whom everything else is real:
 * the steering, the ladder. Time goes by in steps of a millisecond.
 */
export function simulate(scenario: Scenario): Outcome {
  return simulateTogether(scenario, [scenario])[0];
}

/** Several viewers behind the same link. */
export function simulateTogether(network: Network, watching: readonly Watching[]): Outcome[] {
  const { seconds, uplink } = network;
  const link = new SimulatedLink(network);
  const ladder = new Ladder();
  const probes = new Probes();
  const renditions = renditionsFor(watching);
  for (const rendition of renditions) ladder.measured(rendition, sizeOf(rendition), 0);
  const viewers = watching.map((one) => new SimulatedViewer(one, ladder, probes, link, renditions));
  for (let now = 0; now < seconds * 1000; now++) {
    if (uplink !== undefined && now % SHARE_EVERY_MS === 0) {
      const present = viewers.filter((viewer) => now >= viewer.from);
      const shares = maxMinShares(uplink, present.map((viewer) => viewer.sharerAt(now)));
      present.forEach((viewer, i) => viewer.share = shares[i]);
    }
    link.tick(now);
    for (const viewer of viewers) if (now >= viewer.from) viewer.tick(now);
  }
  return viewers;
}

/** What was seen in a span of time, in figures. */
export function figures({ seen, sent, changes }: Outcome, from: number, to: number) {
  const part = seen.filter(({ at }) => at >= from && at < to);
  const ages = part.map(({ age }) => age).sort((a, b) => a - b);
  const quantile = (share: number) =>
    ages[Math.min(ages.length - 1, Math.floor(share * ages.length))] ?? Infinity;
  const bytes = sent.filter(({ at }) => at >= from && at < to)
    .reduce((sum, part) => sum + part.bytes, 0);
  return {
    fps: part.length / (to - from) * 1000,
    median: quantile(0.5),
    p99: quantile(0.99),
    max: ages.at(-1) ?? Infinity,
    bits: bytes * 8000 / (to - from),
    changes: changes.filter((at) => at >= from && at < to).length,
    renditions: [...new Set(part.map(({ rendition }) => rendition))],
  };
}

/** Whatever those viewers can be given. */
function renditionsFor(watching: readonly Watching[]): readonly Rendition[] {
  const ceilings = watching.map(({ ceiling = SOURCE }) => ceiling);
  return ceilings.flatMap((ceiling) => {
    const renditions = [ceiling], ladder = new Ladder();
    while (true) {
      const next = ladder.unmeasured(ceiling, 0);
      if (!next) return renditions;
      ladder.measured(next, 1, 0);
      renditions.push(next);
    }
  });
}

/** One link for all who send through it. */
class SimulatedLink {
  readonly #network: Network;
  readonly #queue: { left: number; readonly moved: (bytes: number) => void }[] = [];
  #tokens: number;

  constructor(network: Network) {
    this.#network = network;
    this.#tokens = network.burst ?? 0;
  }

  /** @param moved Called whenever some of the bytes have come through; stands for the connection. */
  send(bytes: number, moved: (bytes: number) => void): void {
    const waiting = this.#queue.find((one) => one.moved === moved);
    if (waiting && this.#network.order === "turns") waiting.left += bytes;
    else this.#queue.push({ left: bytes, moved });
  }

  tick(now: number): void {
    const { capacity, burst = 0, loss = () => false, order = "arrival" } = this.#network;
    if (loss(now)) return;
    const flow = capacity(now) / 8000;
    this.#tokens = Math.min(this.#tokens + flow, Math.max(burst, flow));
    const most = order === "turns" ? SEGMENT_BYTES : Infinity;
    while (this.#queue.length > 0 && this.#tokens > 0) {
      const first = this.#queue.shift()!;
      const bytes = Math.min(this.#tokens, first.left, most);
      this.#tokens -= bytes;
      first.left -= bytes;
      first.moved(bytes);
      if (first.left <= 0) continue;
      // What is cut off goes on next; a turn that was taken comes round again.
      if (order === "turns") this.#queue.push(first);
      else this.#queue.unshift(first);
    }
  }
}

class SimulatedViewer implements Outcome {
  readonly seen: Seen[] = [];
  readonly sent: Sent[] = [];
  readonly changes: number[] = [];
  readonly from: number;
  /** Their share of the uplink. Bits a second. */
  share = Infinity;
  readonly #watching: Watching;
  readonly #ladder: Ladder;
  readonly #link: SimulatedLink;
  readonly #renditions: readonly Rendition[];
  readonly #steering: Steering;
  readonly #queue: { end: number; capturedAt: number; sequence: number; rendition: Rendition }[] =
    [];
  readonly #arriving: (Seen & { readonly sequence: number })[] = [];
  readonly #reports: { at: number; came: Moment; painted: Moment | null }[] = [];
  /** What had come through by each moment. */
  readonly #history: { readonly through: number; readonly taken: number }[] = [];
  #written = 0;
  /** Bytes given to the link: no more than there is room for at the other end. */
  #started = 0;
  #through = 0;
  /** Bytes that have been taken. */
  #taken = 0;
  #nextTake = 0;
  #windowClosed = 0;
  #reportedThrough = -1;
  #reportedWindow = 0;
  readonly #moved = (bytes: number) => void (this.#through += bytes);
  #nextFrame: number;
  #sequence = 0;
  #mailbox: { sequence: number; capturedAt: number; rendition: Rendition } | null = null;
  #pulling = true;
  /** The newest frame whose last byte has come, and the newest on the screen. */
  #came: Moment | null = null;
  #painted: Moment | null = null;
  #reported = 0;

  constructor(
    watching: Watching,
    ladder: Ladder,
    probes: Probes,
    link: SimulatedLink,
    renditions: readonly Rendition[],
  ) {
    this.#renditions = renditions;
    this.#watching = watching;
    this.from = watching.from ?? 0;
    this.#nextFrame = this.from;
    this.#ladder = ladder;
    this.#link = link;
    this.#steering = new Steering({
      probes,
      ladder,
      reports: watching.evidence === "page",
      isPolled: watching.asks ?? watching.evidence !== "pull",
      at: this.from,
    });
  }

  sharerAt(now: number) {
    const demand = this.#steering.demand({ ...this.#bounds(now), allowance: Infinity });
    return { demand, weight: this.#watching.weight ?? 1 };
  }

  tick(now: number): void {
    this.#start();
    this.#take(now);
    this.#arrive(now);
    this.#inform(now);
    this.#capture(now);
    if (!this.#mailbox || !this.#pulling) return;
    this.#steering.observe(now);
    if (this.#steering.waitFor(now) <= 0) this.#send(now);
  }

  /** Gives the link what there is room for at the other end. */
  #start(): void {
    const room = this.#window - (this.#started - this.#taken);
    const bytes = Math.min(this.#written - this.#started, room);
    if (bytes < this.#written - this.#started) this.#windowClosed++;
    if (bytes <= 0) return;
    this.#started += bytes;
    this.#link.send(bytes, this.#moved);
  }

  /** Takes what has come of the next frame, if it is time for one. */
  #take(now: number): void {
    const { takes = () => Infinity, relays = Infinity } = this.#watching;
    if (takes(now) === Infinity) this.#taken = Math.min(this.#through, this.#taken + relays);
    if (relays < Infinity) return;
    while (now >= this.#nextTake && this.#taken < this.#through) {
      const end = this.#queue.find((frame) => frame.end > this.#taken + 1e-3)?.end ?? Infinity;
      this.#taken = Math.min(end, this.#through);
      if (this.#taken === end) {
        this.#nextTake = Math.max(this.#nextTake, now - 20) + 1000 / takes(now);
      }
    }
  }

  #arrive(now: number): void {
    const { latency = 2 } = this.#watching;
    this.#history.push({ through: this.#through, taken: this.#taken });
    while (this.#queue.length > 0 && this.#queue[0].end <= this.#taken + 1e-3) {
      const { sequence, capturedAt, rendition } = this.#queue.shift()!;
      const at = now + latency + PAINT_MS;
      const age = at - PAINT_MS - capturedAt;
      this.#arriving.push({ at, age, sequence, rendition });
    }
    const came = this.#arriving.findLast(({ at }) => at - PAINT_MS <= now);
    if (came) this.#came = { sequence: came.sequence, at: came.at - PAINT_MS };
    while (this.#arriving.length > 0 && this.#arriving[0].at <= now) {
      const { sequence, ...seen } = this.#arriving.shift()!;
      this.seen.push(seen);
      this.#painted = { sequence, at: seen.at };
    }
  }

  /** Brings the steering what it can know of the link. */
  #inform(now: number): void {
    const { evidence, latency = 2 } = this.#watching;
    const came = this.#came;
    if (
      evidence === "page" && now % PAGE_EVERY_MS === 0 && came && came.sequence > this.#reported
    ) {
      this.#reports.push({ at: now + latency, came, painted: this.#painted });
      this.#reported = came.sequence;
    }
    while (this.#reports.length > 0 && this.#reports[0].at <= now) {
      // The server counts from when it hears of it.
      const { at, came, painted } = this.#reports.shift()!;
      const arrived = { ...came, at: came.at + latency };
      this.#steering.acknowledgePage({
        arrived,
        ...(painted && { painted: { ...painted, at: painted.at + latency } }),
      }, at);
    }
    const { asks = evidence === "kernel" } = this.#watching;
    const isAsked = evidence === "kernel" || this.#steering.pollEvery(now, 0) < Infinity;
    if (asks && isAsked && now % KERNEL_EVERY_MS === 70) {
      this.#steering.acknowledgeByKernel(this.#socket(latency), now);
    }
    if (!this.#pulling && this.#written - this.#through < KERNEL_BUFFER) {
      this.#pulling = true;
      this.#steering.pulled(now);
    }
  }

  /** What the kernel knows: it is acknowledged one round trip after it was sent. */
  #socket(latency: number): SocketStatistics {
    const { windowReport = "size" } = this.#watching;
    const { through, taken } = this.#history.at(-1 - 2 * latency) ?? { through: 0, taken: 0 };
    const queued = Math.round(this.#written - through);
    const acknowledged = HEAD_BYTES + this.#written - queued;
    const last = this.#history.findLastIndex((one) => one.through < through) + 1;
    const sinceAcknowledged = this.#history.length - 1 - 2 * latency - last;
    const known = {
      queued,
      unsent: 0,
      acknowledged,
      shortestRoundTrip: 2 * latency,
      sinceAcknowledged,
    };
    if (windowReport === "none") return known;
    if (windowReport === "closed") return { ...known, windowClosed: this.#windowClosed };
    // The other end reports its window anew when more arrives, or when it is twice as large.
    const room = Math.round(this.#window - (through - taken));
    const isNews = through !== this.#reportedThrough || room >= 2 * this.#reportedWindow;
    if (isNews) [this.#reportedThrough, this.#reportedWindow] = [through, room];
    return { ...known, windowClosed: this.#windowClosed, window: this.#reportedWindow };
  }

  #capture(now: number): void {
    const { fps = 30, busy = () => true, scene } = this.#watching;
    if (now < this.#nextFrame) return;
    this.#nextFrame += 1000 / fps;
    if (!busy(now)) return;
    this.#sequence++;
    if (scene) {
      // Nearly as often as the ladder learns of them.
      for (const rendition of this.#renditions) {
        this.#ladder.measured(rendition, sizeOf(rendition) * scene(now), now);
      }
    }
    const rendition = this.#steering.decide(now, this.#bounds(now));
    if (this.#mailbox) this.#steering.offered(now, true);
    this.#mailbox = { sequence: this.#sequence, capturedAt: now, rendition };
  }

  #send(now: number): void {
    const { swing = 0, scene = () => 1 } = this.#watching;
    const { sequence, capturedAt, rendition } = this.#mailbox!;
    this.#steering.offered(now, false);
    const factor = scene(capturedAt) * (1 + swing * Math.sin(sequence * 0.7));
    const padding = this.#steering.paddingOf(sizeOf(rendition));
    const bytes = Math.round(sizeOf(rendition) * factor) + padding;
    this.#written += bytes;
    this.#queue.push({ end: this.#written, capturedAt, sequence, rendition });
    this.#start();
    this.#steering.wrote({ sequence, bytes, capturedAt, at: now }, this.#allowance(now));
    const last = this.sent.at(-1);
    if (last && last.rendition !== rendition) this.changes.push(now);
    this.sent.push({ at: now, rendition, bytes, padding });
    this.#mailbox = null;
    this.#pulling = false;
  }

  get #window(): number {
    const { takes, relays, window } = this.#watching;
    return window ?? (takes || relays ? WINDOW_BYTES : LARGE_WINDOW_BYTES);
  }

  #bounds(now: number) {
    const { ceiling = SOURCE, fps = 30 } = this.#watching;
    return { ceiling, fps, allowance: this.#allowance(now) };
  }

  #allowance(now: number): number {
    return Math.min(this.share, this.#watching.allowance?.(now) ?? Infinity);
  }
}
