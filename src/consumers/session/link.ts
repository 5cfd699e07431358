import type { Arrival } from "./backlog.ts";

/** Shorter than that, what arrived says little of how much can arrive. Milliseconds. */
const SHORTEST_SPAN_MS = 90;
/** Longer ago than that, the link may have been another one. Milliseconds. */
const LONGEST_SPAN_MS = 700;
/** How far one observation moves the estimate. */
const TRUST = 0.5;
/** What waits no longer than this beyond what is usual is on its way, not in a queue. Milliseconds. */
const FREE_MS = 40;
/** Two queues seen so shortly one after the other are one. Milliseconds. */
const SAME_QUEUE_MS = 250;
/** What was tried out is no longer presumed once more than this waits in a queue. Milliseconds. */
const PRESUMED_MS = 60;
/** How long the shortest way is remembered, in two halves. Milliseconds. */
const SHORTEST_WAY_MS = 10_000;
/** Until then the way may be longer than it seems for the first large parts. Milliseconds. */
const KNOWN_WAY_MS = 1500;
const UNKNOWN_WAY_MS = 50;
/** A way that is longer than this is a queue, however long it has been so. Milliseconds. */
const LONGEST_WAY_MS = 300;

/**
 * What a viewer's link carries, learned from what arrived. As long as nothing queues up, what
 * arrives is what was sent, which says only that the link carries at least that; while a queue
 * lasts, what arrives is what the link carries. So neither idle times nor small frames lower it.
 */
export class Link {
  #seen: Arrival[] = [];
  #waiting = 0;
  #queuedSince = Infinity;
  #capacity = Infinity;
  /** What the link is taken to carry while that is tried out; 0 for nothing. */
  #presumed = 0;
  /** When it was first known how long anything took. */
  #firstAt = Infinity;
  #shortest = { at: -Infinity, before: Infinity, now: Infinity };

  /** Bits a second; `Infinity` while no limit was met. */
  get capacity(): number {
    return this.#capacity;
  }

  /** The same, or more while more is tried out and nothing speaks against it. */
  get pace(): number {
    return Math.max(this.#capacity, this.queueing <= PRESUMED_MS ? this.#presumed : 0);
  }

  /** How long the oldest written byte has waited in a queue, when last observed. Milliseconds. */
  get queueing(): number {
    return Math.max(0, this.#waiting - this.way);
  }

  /** When that was, on the clock of the observations: a page's silence counts, the kernel is asked at times. */
  queueSeenAt(now: number): number {
    const last = this.#seen.at(-1);
    return last?.evidence === "kernel" ? last.at : now;
  }

  /** Whether something was in that queue when last observed. */
  get isQueued(): boolean {
    return this.seesQueues ? this.#waiting > 0 : (this.#seen.at(-1)?.backlog ?? 0) > 0;
  }

  /** Whether queues beyond the kernel can be seen at all. */
  get seesQueues(): boolean {
    return this.#seen.at(-1)?.evidence !== "pull";
  }

  /** Takes what is known to have arrived; the same or older knowledge is ignored. */
  observe(arrival: Arrival): void {
    const last = this.#seen.at(-1);
    if (last && last.evidence !== arrival.evidence) {
      this.#seen.length = 0;
      this.#shortest = { at: -Infinity, before: Infinity, now: Infinity };
    }
    this.#waiting = arrival.waiting;
    if (this.#seen.length > 0 && arrival.at <= this.#seen.at(-1)!.at) return;
    this.#rememberWay(arrival);
    this.#seen.push(arrival);
    while (arrival.at - this.#seen[0].at > LONGEST_SPAN_MS && this.#seen.length > 2) {
      this.#seen.shift();
    }
    // What was under way at the last observation and still is was in a queue all the time; after
    // a longer time it may be another queue.
    const isOther = last !== undefined &&
      arrival.at - last.at > Math.max(SAME_QUEUE_MS, arrival.waiting);
    if (arrival.waiting - this.way <= FREE_MS) this.#queuedSince = Infinity;
    else if (isOther || this.#queuedSince === Infinity) this.#queuedSince = arrival.at;
    this.#estimate(arrival);
  }

  /** Bytes that will not have arrived at this time, of so many written in all. */
  backlogAt(now: number, total: number): number {
    const last = this.#seen.at(-1);
    if (!last) return 0;
    if (this.#capacity === Infinity) return last.backlog;
    const arrived = last.arrived + this.pace / 8000 * (now - last.at);
    return Math.max(0, total - arrived);
  }

  /** Takes the link to carry so many bits a second until told otherwise; 0 for no longer. */
  presume(capacity: number): void {
    this.#presumed = capacity;
  }

  /** More was to be sent than there was room for: the link carries no more than what arrived lately. */
  settle(): void {
    const from = this.#seen[0], last = this.#seen.at(-1);
    if (this.#capacity < Infinity || !from || !last) return;
    if (last.at - from.at < SHORTEST_SPAN_MS) return;
    this.#capacity = rateBetween(from, last);
  }

  /** Forgets what was seen: it was the reader, and not the link, that made bytes wait. */
  forget(): void {
    this.#seen.splice(0, this.#seen.length - 1);
    this.#waiting = 0;
    this.#queuedSince = Infinity;
    this.#capacity = Infinity;
  }

  /** The link has shown that it carries this many bits a second. */
  raise(capacity: number): void {
    this.#capacity = Math.max(this.#capacity, capacity);
  }

  #estimate(arrival: Arrival): void {
    const queued = arrival.at - this.#queuedSince >= SHORTEST_SPAN_MS;
    const since = queued ? this.#queuedSince : -Infinity;
    const from = this.#seen.find(({ at }) => at >= since);
    if (!from || arrival.at - from.at < SHORTEST_SPAN_MS) return;
    const rate = rateBetween(from, arrival);
    if (!queued) {
      if (rate > this.#capacity) this.#capacity = rate;
    } else if (this.#capacity === Infinity) this.#capacity = rate;
    else this.#capacity += TRUST * (rate - this.#capacity);
  }

  /** How long a byte takes without any queue, as far as is known. Milliseconds. */
  get way(): number {
    const { before, now } = this.#shortest;
    const way = Math.min(before, now);
    if (way === Infinity) return 0;
    const isKnown = this.#seen.at(-1)!.at - this.#firstAt > KNOWN_WAY_MS;
    return Math.min(way, isKnown ? LONGEST_WAY_MS : UNKNOWN_WAY_MS);
  }

  #rememberWay({ at, way, bytes }: Arrival): void {
    if (way === Infinity) return;
    this.#firstAt = Math.min(this.#firstAt, at);
    const shortest = this.#shortest;
    const isQueued = this.#queuedSince < Infinity;
    // While nothing comes through, nothing is learned of how long it takes.
    if (isQueued && this.#capacity === 0) return;
    const free = isQueued ? Math.max(0, way - bytes * 8000 / this.#capacity) : way;
    // Where there is a queue at times, the way through it must not come to be taken for the shortest.
    if (at - shortest.at > SHORTEST_WAY_MS / 2 && this.#capacity === Infinity) {
      shortest.before = shortest.now;
      shortest.now = free;
      shortest.at = at;
    } else shortest.now = Math.min(shortest.now, free);
  }
}

/** Bits a second that arrived. */
function rateBetween(from: Arrival, to: Arrival): number {
  return (to.arrived - from.arrived) * 8000 / (to.at - from.at);
}
