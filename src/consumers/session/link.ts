import type { Arrival } from "./backlog.ts";
import { BaseDelay } from "./base_delay.ts";
import { Transport } from "./transport.ts";

/** In a shorter time, what arrives says little of how much can arrive. Milliseconds. */
const SHORTEST_SPAN_MS = 90;
/** Before that, the link may have been another one. Milliseconds. */
const LONGEST_SPAN_MS = 700;
/** How far one observation moves the estimate, 0..1. */
const TRUST = 0.5;
/** What waits no longer than this beyond the base delay is in transit, not in a queue. Milliseconds. */
const FREE_MS = 40;
/** Two queues that are seen within this time are one. Milliseconds. */
const SAME_QUEUE_MS = 250;
/** A probe's rate is no longer presumed once more than this waits in a queue. Milliseconds. */
const PRESUMED_MS = 60;
/** On a long path, it is so many round trips. */
const LONGEST_SPAN_TRIPS = 4;
/** The same where TCP repairs losses: over this time, what stalls and what follows at once even out. */
const REPAIR_SPAN_MS = 2000;

/**
 * Estimates what a link carries from what arrives. While nothing queues up, what arrives is what was
 * sent: the link carries at least that. While a queue lasts, what arrives is what the link carries. So
 * neither idle times nor small frames lower the estimate; while TCP repairs a loss, what was sent lately
 * bounds it.
 */
export class Link {
  /** The state of the TCP connection, as the kernel reports it. */
  readonly transport: Transport = new Transport();
  #seen: Arrival[] = [];
  #waiting = 0;
  #queuedSince = Infinity;
  #capacity = Infinity;
  /** What a probe presumes that the link carries; 0 without a probe. */
  #presumed = 0;
  readonly #base = new BaseDelay();

  /** Bits a second; `Infinity` while no limit was met. */
  get capacity(): number {
    return this.#capacity;
  }

  /** The same, or what a probe presumes while nothing queues up. Bits a second. */
  get pace(): number {
    return Math.max(this.#capacity, this.queueing <= PRESUMED_MS ? this.#presumed : 0);
  }

  /** How long the oldest written byte has waited in a queue, when last observed. Milliseconds. */
  get queueing(): number {
    return Math.max(0, this.#waiting - this.baseDelay);
  }

  /** Returns when that was: a page's silence counts as news, but the kernel is polled only at times. */
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

  /** Whether packets are known to find no queue all the way; the kernel sees no farther than a proxy. */
  get isIdle(): boolean {
    return this.transport.isIdle && this.#seen.at(-1)?.evidence === "kernel";
  }

  /** Takes what is known to have arrived; ignores what is no news. */
  observe(arrival: Arrival): void {
    const last = this.#seen.at(-1);
    if (last && last.evidence !== arrival.evidence) {
      this.#seen.length = 0;
      this.#base.forget();
    }
    this.#waiting = arrival.waiting;
    if (this.#seen.length > 0 && arrival.at <= this.#seen.at(-1)!.at) return;
    this.#rememberBaseDelay(arrival);
    this.#seen.push(arrival);
    const longest = Math.max(
      this.isIdle ? REPAIR_SPAN_MS : LONGEST_SPAN_MS,
      LONGEST_SPAN_TRIPS * this.baseDelay,
    );
    while (arrival.at - this.#seen[0].at > longest && this.#seen.length > 2) {
      this.#seen.shift();
    }
    // What is still under way since the last observation was queued all the time; after a longer time
    // it may be another queue.
    const isOther = last !== undefined &&
      arrival.at - last.at > Math.max(SAME_QUEUE_MS, arrival.waiting);
    if (arrival.waiting - this.baseDelay <= FREE_MS) this.#queuedSince = Infinity;
    else if (isOther || this.#queuedSince === Infinity) this.#queuedSince = arrival.at;
    this.#estimate(arrival);
  }

  /** Returns how many of all bytes sent so far will not have arrived at this time. */
  backlogAt(now: number, total: number): number {
    const last = this.#seen.at(-1);
    if (!last) return 0;
    if (this.#capacity === Infinity) return last.backlog;
    const arrived = last.arrived + this.pace / 8000 * (now - last.at);
    return Math.max(0, total - arrived);
  }

  /** Presumes that the link carries this many bits a second; 0 ends that. */
  presume(capacity: number): void {
    this.#presumed = capacity;
  }

  /** Concludes that the link carries no more than what arrived lately, as there was room for no more. */
  settle(): void {
    const from = this.#seen[0], last = this.#seen.at(-1);
    if (this.#capacity < Infinity || !from || !last) return;
    if (last.at - from.at < this.#shortestSpan) return;
    this.#capacity = rateBetween(from, last);
  }

  /** Forgets what was seen, as the reader and not the link made bytes wait. */
  forget(): void {
    this.#seen.splice(0, this.#seen.length - 1);
    this.#waiting = 0;
    this.#queuedSince = Infinity;
    this.#capacity = Infinity;
  }

  /** Notes that the link has carried this many bits a second. */
  raise(capacity: number): void {
    this.#capacity = Math.max(this.#capacity, capacity);
  }

  #estimate(arrival: Arrival): void {
    if (this.transport.isWaiting(arrival.at)) {
      // The rate during a pause says nothing about the link.
      this.#seen.splice(0, this.#seen.length - 1);
      return;
    }
    const queued = arrival.at - this.#queuedSince >= this.#shortestSpan;
    const since = queued && !this.isIdle ? this.#queuedSince : -Infinity;
    const from = this.#seen.find(({ at }) => at >= since);
    if (!from || arrival.at - from.at < this.#shortestSpan) return;
    const rate = rateBetween(from, arrival);
    if (!queued) {
      if (rate > this.#capacity) this.#capacity = rate;
    } else if (this.#capacity < Infinity) this.#capacity += TRUST * (rate - this.#capacity);
    else this.#capacity = rate;
  }

  get #shortestSpan(): number {
    return Math.max(SHORTEST_SPAN_MS, this.baseDelay);
  }

  /** The delay of the idle link, and back, as far as is known. Milliseconds. */
  get baseDelay(): number {
    return Math.max(this.transport.roundTrip, this.#base.ms);
  }

  #rememberBaseDelay({ at, transit, bytes }: Arrival): void {
    if (transit === Infinity) return;
    const isQueued = this.#queuedSince < Infinity;
    // While nothing arrives, nothing is learned of the delay.
    if (isQueued && this.#capacity === 0) return;
    const free = isQueued ? Math.max(0, transit - bytes * 8000 / this.#capacity) : transit;
    // Where there is a queue at times, the delay through it must not become the base delay.
    this.#base.take(free, at, this.#capacity === Infinity);
  }
}

/** Returns the bits a second that arrived. */
function rateBetween(from: Arrival, to: Arrival): number {
  return (to.arrived - from.arrived) * 8000 / (to.at - from.at);
}
