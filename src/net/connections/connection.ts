import type { Exchange } from "./exchange.ts";
import type { Patience } from "./patience.ts";
import type { Transfer } from "./tcp_info.ts";

/**
 * What is to become of a connection: it is kept; it is closed, as its client has all it asked for;
 * or it is dropped with all that is on its way, because something took too long or was too much.
 */
export type Verdict =
  | { readonly action: "keep" }
  | { readonly action: "close"; readonly reason: string }
  | { readonly action: "drop"; readonly reason: string };

/** What may come that is no whole request while none is under way, such as HTTP/2's pings. Bytes. */
const MAX_UNASKED = 64 * 1024;

/** What a client may send, bytes a second: a page sends a few hundred, and a request has 16 kB at most. */
const MAX_INCOMING = 512 * 1024;

const KEEP: Verdict = { action: "keep" };

/** What is known of one connection. */
export class Connection {
  readonly #isSecure: boolean;
  /** When it began, or when its last exchange was over. */
  #idleSince: number;
  #hasAsked = false;
  /** Those under way; by HTTP/2 there may be several. */
  readonly #exchanges = new Set<Exchange>();
  /** Whether an exchange was under way since the last look. */
  #wasBusy = false;
  /** When the client last acknowledged something, or nothing waited for it. */
  #takenAt: number;
  #acknowledged = 0;
  /** What had come over it at the last look, and when that was; `null` before. */
  #incoming: { readonly received: number; readonly at: number } | null = null;
  /** What had come over it when it became idle; `null` until it is looked at then. */
  #receivedBefore: number | null = null;
  /** Whether the server refused it, so that it is closed as soon as it is idle. */
  isRefused = false;

  /** @param isSecure Whether it is by TLS. */
  constructor(now: number, isSecure = false) {
    this.#idleSince = this.#takenAt = now;
    this.#isSecure = isSecure;
  }

  /** Whether a request came of it. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  begin(exchange: Exchange): void {
    this.#hasAsked = this.#wasBusy = true;
    this.#receivedBefore = null;
    this.#forgetThoseOver();
    this.#exchanges.add(exchange);
  }

  /** How many requests are being answered; streams and WebSockets, until nothing is left of them. */
  get exchanges(): number {
    this.#forgetThoseOver();
    return this.#exchanges.size;
  }

  /** How many requests are being answered by what is neither a stream nor a WebSocket. */
  get answers(): number {
    this.#forgetThoseOver();
    let count = 0;
    for (const { isHeld } of this.#exchanges) if (!isHeld) count++;
    return count;
  }

  /** The metered answers that the client has not taken: how many, and their length in bytes. */
  get untaken(): { readonly count: number; readonly bytes: number } {
    let count = 0, bytes = 0;
    for (const { untaken } of this.#exchanges) {
      if (untaken === null) continue;
      count++;
      bytes += untaken;
    }
    return { count, bytes };
  }

  /** Whether anyone still has to do with it. */
  isUnderWay(): boolean {
    return [...this.#exchanges].some((exchange) => exchange.isUnderWay());
  }

  /**
   * To be asked about once a second.
   *
   * @param transferOf What has gone over it so far; `null` where nobody knows.
   */
  judge(
    now: number,
    patience: Patience,
    transferOf: () => Transfer | null = () => null,
  ): Verdict {
    this.#forgetThoseOver();
    const exchanges = [...this.#exchanges];
    // Streams and WebSockets have limits of their own to how much may wait for the client.
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
    if (this.#wasBusy || transfer?.isWaiting && this.#hasAsked) this.#idleSince = now;
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
    // By HTTP/1 the client speaks first.
    if (!this.#isSecure && transfer?.written) return drop("it spoke HTTP/2 without TLS");
    return idle > patience.header ? drop("it sent no whole request") : KEEP;
  }

  #isFlood(now: number, { received }: Transfer): boolean {
    const last = this.#incoming ?? { received: 0, at: now };
    this.#incoming = { received, at: now };
    // Looks may follow one another at once.
    return received - last.received > MAX_INCOMING * Math.max(1, (now - last.at) / 1000);
  }

  /** How long the client has acknowledged nothing of what waits for it. Milliseconds. */
  #follow(now: number, { acknowledged, isWaiting }: Transfer): number {
    if (!isWaiting || acknowledged > this.#acknowledged) this.#takenAt = now;
    this.#acknowledged = acknowledged;
    return now - this.#takenAt;
  }
}

function drop(reason: string): Verdict {
  return { action: "drop", reason };
}
