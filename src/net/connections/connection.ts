import type { Exchange } from "./exchange.ts";
import type { Patience } from "./patience.ts";
import type { Transfer } from "./tcp_info.ts";

/**
 * What to do with a connection: keep it; close it, as its client has all that it requested; or drop it
 * with all that is on its way, because something took too long or was too much.
 */
export type Verdict =
  | { readonly action: "keep" }
  | { readonly action: "close"; readonly reason: string }
  | { readonly action: "drop"; readonly reason: string };

/** The most bytes that may come without a whole request while none is under way, such as HTTP/2 pings. */
const MAX_UNASKED = 64 * 1024;

/** The most a client may send, bytes a second: a page sends a few hundred, a request at most 16 kB. */
const MAX_INCOMING = 512 * 1024;

const KEEP: Verdict = { action: "keep" };

/** Follows one connection and judges whether it may stay. */
export class Connection {
  readonly #isSecure: boolean;
  /** When it began, or when its last exchange ended. */
  #idleSince: number;
  #hasAsked = false;
  /** The exchanges under way; over HTTP/2 there may be several. */
  readonly #exchanges = new Set<Exchange>();
  /** Whether an exchange was under way since the last look. */
  #wasBusy = false;
  /** When the client last acknowledged something, or nothing waited for it. */
  #takenAt: number;
  #acknowledged = 0;
  /** How much had come by the last look, and when that was; `null` before. */
  #incoming: { readonly received: number; readonly at: number } | null = null;
  /** How much had come when it became idle; `null` until the first look after that. */
  #receivedBefore: number | null = null;
  /** Whether the server refused it, and closes it as soon as it is idle. */
  isRefused = false;

  /**
   * Begins to follow a connection.
   *
   * @param now Monotonic time, milliseconds.
   * @param isSecure Whether the connection is by TLS.
   */
  constructor(now: number, isSecure = false) {
    this.#idleSince = this.#takenAt = now;
    this.#isSecure = isSecure;
  }

  /** Whether a request has come over it. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  /** Notes that a request has come over it. */
  begin(exchange: Exchange): void {
    this.#hasAsked = this.#wasBusy = true;
    this.#receivedBefore = null;
    this.#forgetThoseOver();
    this.#exchanges.add(exchange);
  }

  /** The number of requests being answered, including streams and WebSockets until they are over. */
  get exchanges(): number {
    this.#forgetThoseOver();
    return this.#exchanges.size;
  }

  /** The number of requests being answered by neither a stream nor a WebSocket. */
  get answers(): number {
    this.#forgetThoseOver();
    let count = 0;
    for (const { isHeld } of this.#exchanges) if (!isHeld) count++;
    return count;
  }

  /** The metered answers that the client has not read: how many, and their length in bytes. */
  get untaken(): { readonly count: number; readonly bytes: number } {
    let count = 0, bytes = 0;
    for (const { untaken } of this.#exchanges) {
      if (untaken === null) continue;
      count++;
      bytes += untaken;
    }
    return { count, bytes };
  }

  /** Returns whether a request is under way. */
  isUnderWay(): boolean {
    return [...this.#exchanges].some((exchange) => exchange.isUnderWay());
  }

  /**
   * Decides what to do with the connection. Call it about once a second.
   *
   * @param now Monotonic time, milliseconds.
   * @param transferOf Returns what has gone over it so far; `null` where the system does not report it.
   */
  judge(
    now: number,
    patience: Patience,
    transferOf: () => Transfer | null = () => null,
  ): Verdict {
    this.#forgetThoseOver();
    const exchanges = [...this.#exchanges];
    // Streams and WebSockets have their own limits on how much may wait for the client.
    const isHeld = exchanges.some((exchange) => exchange.isHeld);
    const transfer = transferOf();
    if (transfer && this.#isFlood(now, transfer)) return drop("it sent too much at a time");
    if (isHeld) this.#takenAt = now;
    else if (transfer && this.#follow(now, transfer) > patience.response) {
      return drop("it did not take its answer");
    }
    for (const exchange of exchanges) {
      if (transfer && exchange.isTooLong(transfer.received)) {
        return drop("its message was too long");
      }
      const reason = exchange.overdue(now, patience, this.#takenAt);
      if (reason !== null) return drop(reason);
    }
    if (exchanges.length > 0) return KEEP;
    return this.#judgeIdle(now, patience, transfer);
  }

  #forgetThoseOver(): void {
    for (const exchange of this.#exchanges) if (exchange.isOver) this.#exchanges.delete(exchange);
  }

  #judgeIdle(now: number, patience: Patience, transfer: Transfer | null): Verdict {
    if (this.isRefused) return { action: "close", reason: "it was refused" };
    if (this.#wasBusy || transfer && transfer.queued > 0 && this.#hasAsked) this.#idleSince = now;
    this.#wasBusy = false;
    if (transfer) {
      this.#receivedBefore ??= this.#hasAsked ? transfer.received : 0;
      if (transfer.received - this.#receivedBefore > MAX_UNASKED) {
        return drop("it sent too much that is no request");
      }
    }
    const idle = now - this.#idleSince;
    if (this.#hasAsked) {
      return idle > patience.idle ? { action: "close", reason: "it was idle" } : KEEP;
    }
    // Over HTTP/1 the client speaks first.
    if (!this.#isSecure && transfer?.written) return drop("it spoke HTTP/2 without TLS");
    return idle > patience.header ? drop("it sent no whole request") : KEEP;
  }

  #isFlood(now: number, { received }: Transfer): boolean {
    const last = this.#incoming ?? { received: 0, at: now };
    this.#incoming = { received, at: now };
    // Two looks may be less than a second apart.
    return received - last.received > MAX_INCOMING * Math.max(1, (now - last.at) / 1000);
  }

  /** Returns how long the client has acknowledged nothing of what waits for it. Milliseconds. */
  #follow(now: number, { acknowledged, queued }: Transfer): number {
    if (queued === 0 || acknowledged > this.#acknowledged) this.#takenAt = now;
    this.#acknowledged = acknowledged;
    return now - this.#takenAt;
  }
}

function drop(reason: string): Verdict {
  return { action: "drop", reason };
}
