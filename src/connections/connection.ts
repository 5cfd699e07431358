/** How long each stage of a connection may take. Milliseconds. */
export interface Patience {
  /** From its begin to its first whole request header. */
  readonly header: number;
  /** From a request's header to its answer; whatever else the request sends must come before. */
  readonly answer: number;
  /** From the answer to its last byte, if it has one. */
  readonly response: number;
  /** From the end of a stream or WebSocket until the client has taken what was left of it. */
  readonly farewell: number;
  /** From the end of an answer to the next whole request header. */
  readonly idle: number;
}

/**
 * What is to become of a connection: it is kept; it is closed, as its client has all it asked for;
 * or it is dropped with all that is on its way, because something took too long.
 */
export type Verdict =
  | { readonly action: "keep" }
  | { readonly action: "close"; readonly reason: string }
  | { readonly action: "drop"; readonly reason: string };

/**
 * What a WebSocket may have sent of a message that has not come whole. `Deno.upgradeWebSocket` puts
 * together what comes in pieces without any limit, and tells only of the whole. Bytes.
 */
const MAX_UNTOLD = 64 * 1024;

/** One request and its answer. */
export class Exchange {
  readonly #begunAt: number;
  #answeredAt: number | null = null;
  /** Whether the answer made a WebSocket of the connection. */
  #isUpgrade = false;
  #isComplete = false;
  /** For a stream or a WebSocket: whether it goes on. */
  #goesOn: (() => boolean) | null = null;
  #endedAt: number | null = null;
  /** For a WebSocket: how many messages have come of it; at the last look; with how many bytes. */
  #messages: (() => number) | null = null;
  #told = 0;
  #toldBytes = 0;

  constructor(now: number) {
    this.#begunAt = now;
  }

  /** The answer is a stream or a WebSocket, which may last for as long as this says so. */
  hold(goesOn: () => boolean, messages: (() => number) | null = null): void {
    this.#goesOn = goesOn;
    this.#messages = messages;
  }

  answer(now: number, { isUpgrade }: { isUpgrade: boolean }): void {
    this.#answeredAt = now;
    this.#isUpgrade = isUpgrade;
  }

  /** The last byte of the answer was sent, or none will be any more. */
  complete(): void {
    this.#isComplete = true;
  }

  /** Whether the connection is free for something else. */
  get isOver(): boolean {
    return this.#isComplete && !this.#isUpgrade;
  }

  /** Whether anyone still has to do with it: the client, or who answers. */
  isUnderWay(): boolean {
    return !this.isOver && (this.#goesOn?.() ?? !this.#isComplete);
  }

  /**
   * Whether what came since the last message is too much to be another one.
   *
   * @param received How many bytes came over the connection; `null` where nobody knows.
   */
  isTooLong(received: () => number | null): boolean {
    if (!this.#messages) return false;
    const bytes = received();
    if (bytes === null) return false;
    const messages = this.#messages();
    if (messages === this.#told) return bytes - this.#toldBytes > MAX_UNTOLD;
    this.#told = messages;
    this.#toldBytes = bytes;
    return false;
  }

  /** What took too long; `null` if nothing did. */
  overdue(now: number, patience: Patience): string | null {
    if (this.#answeredAt === null) {
      return now - this.#begunAt > patience.answer ? "its request was not whole" : null;
    }
    if (!this.#goesOn) {
      const isLate = now - this.#answeredAt > patience.response;
      return isLate ? "it did not take its answer" : null;
    }
    if (this.#goesOn()) return null;
    this.#endedAt ??= now;
    return now - this.#endedAt >= patience.farewell ? "it took no more of its stream" : null;
  }
}

/** What is known of one connection. */
export class Connection {
  /** When it began, or when its last exchange was over. */
  #idleSince: number;
  #hasAsked = false;
  /** Those under way; by HTTP/2 there may be several. */
  readonly #exchanges = new Set<Exchange>();

  constructor(now: number) {
    this.#idleSince = now;
  }

  /** Whether a request came of it. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  begin(exchange: Exchange): void {
    this.#hasAsked = true;
    this.#exchanges.add(exchange);
  }

  /** How many requests are being answered; streams and WebSockets, until nothing is left of them. */
  get exchanges(): number {
    return [...this.#exchanges].filter(({ isOver }) => !isOver).length;
  }

  /** Whether anyone still has to do with it. */
  isUnderWay(): boolean {
    return [...this.#exchanges].some((exchange) => exchange.isUnderWay());
  }

  /**
   * To be asked about once a second.
   *
   * @param received How many bytes came over it so far; `null` where nobody knows.
   */
  judge(
    now: number,
    patience: Patience,
    received: () => number | null = () => null,
  ): Verdict {
    for (const exchange of this.#exchanges) {
      if (exchange.isOver) {
        this.#exchanges.delete(exchange);
        this.#idleSince = now;
        continue;
      }
      const reason = exchange.isTooLong(received)
        ? "its message was too long"
        : exchange.overdue(now, patience);
      if (reason !== null) return { action: "drop", reason };
    }
    if (this.#exchanges.size > 0) return { action: "keep" };
    const idle = now - this.#idleSince;
    if (!this.#hasAsked) {
      return idle > patience.header
        ? { action: "drop", reason: "it sent no whole request" }
        : { action: "keep" };
    }
    return idle > patience.idle ? { action: "close", reason: "it was idle" } : { action: "keep" };
  }
}
