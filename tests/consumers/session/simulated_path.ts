import type { SocketStatistics } from "../../../src/net/socket_statistics.ts";

/** A way with distance, jitter, loss and a bounded queue, over which connections of TCP go. */
export interface Path {
  /** Bits a second at a time in milliseconds. */
  readonly capacity: (at: number) => number;
  /** Milliseconds each way, and what is added to it at random. */
  readonly delay: number;
  readonly jitter?: number;
  /** Percent of the packets, so many in a row. */
  readonly loss?: number;
  readonly burst?: number;
  /** Packets that wait at most. Default: 100. */
  readonly queue?: number;
  readonly congestion?: "cubic" | "bbr";
  /** Two runs with the same number meet the same losses. Default: 1. */
  readonly seed?: number;
}

const SEGMENT = 1448;
const SEGMENT_BYTES = 1500;
const INITIAL_WINDOW = 10;
/** A packet is lost when so many later ones have arrived. */
const REORDERED = 3;
/** The shortest retransmission time-out. Milliseconds. */
const SHORTEST_TIMEOUT_MS = 200;
/** Of CUBIC (RFC 9438 section 4): how much of the window a loss leaves, and how fast it grows. */
const BETA = 0.7;
const C = 0.4;
/** Of HyStart, as Linux has it: how many round trips of a round are compared, and their growth. */
const SAMPLES = 8;
const [LEAST_GROWTH_MS, MOST_GROWTH_MS] = [4, 16];
/** Of BBR: gains of pacing at start and in turn, and of the window. */
const STARTUP = 2.89;
const CYCLE = [1.25, 0.75, 1, 1, 1, 1, 1, 1];
/** So often BBR lets the way run empty, to see the shortest round trip, and for so long. */
const PROBE_TRIP_EVERY_MS = 10_000;
const PROBE_TRIP_MS = 200;
const SMALLEST_WINDOW = 4;

interface Packet {
  readonly number: number;
  readonly sentAt: number;
  readonly deliveredBefore: number;
  readonly isAgain: boolean;
  /** Whether there was nothing more to send lately. */
  readonly isIdle: boolean;
}

/** The bottleneck for all who send over it: one queue, first in, first out. */
export class SimulatedPath {
  readonly path: Path;
  #random: number;
  #freeAt = 0;
  #toLose = 0;

  constructor(path: Path) {
    this.path = path;
    this.#random = path.seed ?? 1;
  }

  /** Returns 0 to 1, the same in each run. */
  random(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#random / 2 ** 32;
  }

  /** Returns when a packet that is sent now leaves the bottleneck; `null` if it is lost. */
  pass(now: number, bytes = SEGMENT_BYTES): number | null {
    const { capacity, loss = 0, burst = 1, queue = 100 } = this.path;
    if (this.#toLose-- > 0) return null;
    this.#toLose = 0;
    if (this.random() * 100 < loss / burst) {
      this.#toLose = burst - 1;
      return null;
    }
    const takes = bytes * 8000 / capacity(now);
    if ((this.#freeAt - now) * capacity(now) / 8000 >= queue * SEGMENT_BYTES) return null;
    return this.#freeAt = Math.max(this.#freeAt, now) + takes;
  }
}

/** One connection of TCP over a path, in steps of a millisecond. */
export class SimulatedTcp {
  readonly #path: SimulatedPath;
  readonly #delay: number;
  /** Bytes. */
  #written = 0;
  #received = 0;
  /** Packets, by number. */
  #next = 0;
  #acknowledged = 0;
  #highest = 0;
  readonly #flying = new Map<number, Packet>();
  #sentAt = 0;
  readonly #lost: number[] = [];
  readonly #here = new Set<number>();
  #expected = 0;
  readonly #down: { readonly at: number; readonly packet: Packet }[] = [];
  readonly #up: { readonly at: number; readonly packet: Packet; readonly expected: number }[] = [];
  #lastDown = 0;
  #lastUp = 0;
  /** Packets. */
  #window = INITIAL_WINDOW;
  #threshold = Infinity;
  #recoverUntil = -1;
  #mostFlying = 0;
  #wasLimited = false;
  #roundEnd = 0;
  #heard = -Infinity;
  #trip = 0;
  #variation = 0;
  #shortest = Infinity;
  #delivered = 0;
  #round = { least: Infinity, before: Infinity, samples: 0 };
  #cubic = { most: 0, at: -1 };
  /** Packets a millisecond, the highest of the last ten rounds. */
  readonly #rates: { readonly round: number; readonly rate: number }[] = [];
  #best = 0;
  #rounds = 0;
  #full = { rate: 0, rounds: 0 };
  #isFull = false;
  #credit = 0;
  /** Until so much is delivered, there was not enough to send. Packets. */
  #idleUntil = 0;
  #sawIdle = false;
  #probeTripAt = 0;
  /** The window that the kernel tells. */
  #reported = INITIAL_WINDOW;

  /** @param farther Milliseconds more each way than the path has. */
  constructor(path: SimulatedPath, farther = 0) {
    this.#path = path;
    this.#delay = path.path.delay + farther;
    // The handshake is the first round trip.
    this.#sampleTrip(2 * this.#delay + (path.path.jitter ?? 0));
  }

  /** Milliseconds one way, beyond the farther ones. */
  get delay(): number {
    return this.#path.path.delay;
  }

  /** Bytes that have arrived, without a gap. */
  get received(): number {
    return this.#received;
  }

  /** Returns the kernel's report of the connection, on which `uncounted` bytes were sent earlier. */
  report(now: number, uncounted: number): SocketStatistics {
    const acknowledged = Math.min(this.#written, this.#acknowledged * SEGMENT);
    const queued = this.#written - acknowledged;
    return {
      queued,
      unsent: Math.max(0, this.#written - this.#next * SEGMENT),
      acknowledged: uncounted + acknowledged,
      roundTrip: this.#trip,
      shortestRoundTrip: this.#shortest,
      congestionWindow: this.#reported * SEGMENT,
      sinceAcknowledged: now - this.#heard,
    };
  }

  write(bytes: number): void {
    this.#written += bytes;
  }

  tick(now: number): void {
    this.#arrive(now);
    while (this.#up.length > 0 && this.#up[0].at <= now) this.#hear(now, this.#up.shift()!);
    this.#timeOut(now);
    this.#send(now);
  }

  get #isBbr(): boolean {
    return this.#path.path.congestion === "bbr";
  }

  #send(now: number): void {
    const rate = this.#best;
    const paced = this.#isBbr && this.#rates.length > 0;
    const gain = this.#isFull ? CYCLE[Math.floor(now / Math.max(1, this.#shortest)) % 8] : STARTUP;
    this.#credit = Math.min(this.#credit, 10) + (paced ? rate * gain : Infinity);
    const bbr = (this.#isFull ? 2 : STARTUP) * rate * this.#shortest;
    const full = paced ? Math.max(SMALLEST_WINDOW, bbr) : this.#window;
    const window = this.#probesTrip(now) ? SMALLEST_WINDOW : full;
    // Linux counts that as if there were not enough to send.
    if (this.#probesTrip(now)) this.#idleUntil = this.#delivered + this.#flying.size + 1;
    this.#reported = window;
    while (this.#credit >= 1) {
      const isAgain = this.#lost.length > 0;
      const hasMore = isAgain || this.#next * SEGMENT < this.#written;
      if (hasMore && this.#flying.size >= window) this.#wasLimited = true;
      if (!hasMore) this.#idleUntil = this.#delivered + this.#flying.size + 1;
      if (!hasMore || this.#flying.size >= window) break;
      this.#credit--;
      this.#launch(now, isAgain ? this.#lost.shift()! : this.#next++, isAgain);
    }
    if (this.#credit === Infinity) this.#credit = 0;
    this.#mostFlying = Math.max(this.#mostFlying, this.#flying.size);
  }

  #probesTrip(now: number): boolean {
    if (!this.#isBbr) return false;
    if (now >= this.#probeTripAt + PROBE_TRIP_EVERY_MS) {
      if (this.#flying.size > SMALLEST_WINDOW) return true;
      this.#probeTripAt = now;
    }
    return now < this.#probeTripAt + Math.max(PROBE_TRIP_MS, this.#trip) &&
      now > PROBE_TRIP_EVERY_MS;
  }

  #launch(now: number, number: number, isAgain: boolean): void {
    const isIdle = this.#delivered < this.#idleUntil;
    const packet = { number, sentAt: now, deliveredBefore: this.#delivered, isAgain, isIdle };
    this.#flying.set(number, packet);
    this.#sentAt = now;
    const leaves = this.#path.pass(now);
    if (leaves === null) return;
    const at = leaves + this.#delay + (this.#path.path.jitter ?? 0) * this.#path.random();
    this.#lastDown = Math.max(at, this.#lastDown);
    this.#down.push({ at: this.#lastDown, packet });
  }

  #arrive(now: number): void {
    while (this.#down.length > 0 && this.#down[0].at <= now) {
      const { packet } = this.#down.shift()!;
      this.#here.add(packet.number);
      while (this.#here.delete(this.#expected)) this.#expected++;
      this.#received = Math.min(this.#written, this.#expected * SEGMENT);
      const at = now + this.#delay + (this.#path.path.jitter ?? 0) * this.#path.random();
      this.#lastUp = Math.max(at, this.#lastUp);
      this.#up.push({ at: this.#lastUp, packet, expected: this.#expected });
    }
  }

  #hear(now: number, { packet, expected }: { packet: Packet; expected: number }): void {
    this.#heard = now;
    if (!packet.isAgain) this.#sampleTrip(now - packet.sentAt);
    const isNews = this.#flying.delete(packet.number);
    this.#acknowledged = Math.max(this.#acknowledged, expected);
    this.#highest = Math.max(this.#highest, packet.number);
    for (const number of this.#flying.keys()) {
      if (number < expected) this.#flying.delete(number);
    }
    if (isNews) this.#delivered++;
    if (packet.number >= this.#roundEnd) this.#endRound();
    if (isNews) this.#grow(now, packet);
    this.#notice(packet);
  }

  #endRound(): void {
    this.#roundEnd = this.#next;
    this.#rounds++;
    this.#round = { least: Infinity, before: this.#round.least, samples: 0 };
    this.#mostFlying = this.#flying.size;
    this.#wasLimited = false;
    const rate = this.#best;
    if (rate > 1.25 * this.#full.rate) this.#full = { rate, rounds: 0 };
    else if (!this.#sawIdle && ++this.#full.rounds >= 3) this.#isFull = true;
    this.#sawIdle = false;
    while (this.#rates.length > 1 && this.#rates[0].round < this.#rounds - 10) this.#rates.shift();
    this.#best = Math.max(0, ...this.#rates.map(({ rate }) => rate));
  }

  #sampleTrip(trip: number): void {
    this.#shortest = Math.min(this.#shortest, trip);
    this.#variation = this.#trip
      ? 0.75 * this.#variation + 0.25 * Math.abs(trip - this.#trip)
      : trip / 2;
    this.#trip = this.#trip ? this.#trip + (trip - this.#trip) / 8 : trip;
    const round = this.#round;
    if (!round) return;
    if (++round.samples <= SAMPLES) round.least = Math.min(round.least, trip);
    const growth = Math.min(MOST_GROWTH_MS, Math.max(LEAST_GROWTH_MS, round.before / 8));
    const isEnough = round.samples === SAMPLES && this.#window >= 16;
    if (isEnough && round.least > round.before + growth) this.#leaveSlowStart();
  }

  #leaveSlowStart(): void {
    this.#threshold = Math.min(this.#threshold, this.#window);
  }

  #grow(now: number, packet: Packet): void {
    const rate = (this.#delivered - packet.deliveredBefore) / Math.max(1, now - packet.sentAt);
    if (packet.isIdle) this.#sawIdle = true;
    if (this.#isBbr && (!packet.isIdle || rate > this.#best)) {
      this.#rates.push({ round: this.#rounds, rate });
      this.#best = Math.max(this.#best, rate);
    }
    if (this.#rates.length > 400) this.#rates.splice(0, 200);
    if (this.#highest < this.#recoverUntil) return;
    if (this.#window < this.#threshold) {
      if (this.#window < 2 * this.#mostFlying) this.#window++;
      return;
    }
    if (!this.#wasLimited) {
      this.#cubic.at = -1;
      return;
    }
    const cubic = this.#cubic;
    if (cubic.at < 0) cubic.at = now;
    const most = Math.max(cubic.most, this.#window);
    const k = Math.cbrt(most * (1 - BETA) / C);
    const seconds = (now - cubic.at + this.#shortest) / 1000;
    const start = this.#window >= cubic.most ? 0 : k;
    const target = C * (seconds - start) ** 3 + most;
    const friendly = 3 * (1 - BETA) / (1 + BETA) / this.#window;
    this.#window += Math.max(friendly, Math.min(0.5, (target - this.#window) / this.#window));
  }

  #notice(packet: Packet): void {
    for (const { number, sentAt } of this.#flying.values()) {
      if (sentAt > packet.sentAt || number >= this.#highest - REORDERED + 1) continue;
      if (sentAt === packet.sentAt && number > packet.number - REORDERED) continue;
      this.#flying.delete(number);
      this.#lost.push(number);
      this.#reduce();
    }
    this.#lost.sort((a, b) => a - b);
  }

  #reduce(): void {
    if (this.#highest < this.#recoverUntil) return;
    this.#recoverUntil = this.#next;
    if (this.#isBbr) return;
    this.#cubic = {
      most: this.#window < this.#cubic.most ? this.#window * (1 + BETA) / 2 : this.#window,
      at: -1,
    };
    this.#window = this.#threshold = Math.max(2, this.#window * BETA);
  }

  #timeOut(now: number): void {
    if (this.#flying.size === 0) return;
    const timeout = Math.max(SHORTEST_TIMEOUT_MS, this.#trip + 4 * this.#variation);
    // Before the time-out, the last packet is sent once more (RFC 8985 section 7).
    const since = now - Math.max(this.#heard, this.#sentAt);
    if (since < Math.min(timeout, 2 * this.#trip + 2)) return;
    for (const number of this.#flying.keys()) this.#lost.push(number);
    this.#flying.clear();
    this.#lost.sort((a, b) => a - b);
    this.#reduce();
  }
}
