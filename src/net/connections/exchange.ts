import type { Patience } from "./patience.ts";

/**
 * The most a WebSocket may send of a message that is not complete. `Deno.upgradeWebSocket` assembles
 * fragments without any limit, and reports only the whole message. Bytes.
 */
const MAX_INCOMPLETE = 64 * 1024;

/** One request and its answer. */
export class Exchange {
  /** When it began, or when its turn came. */
  #begunAt: number;
  #answeredAt: number | null = null;
  /** When the client last read something of the answer, if the answer is metered. */
  #takenAt = -Infinity;
  #untaken: number | null = null;
  /** While the client has to read other answers first: returns when it last read one. */
  #takenBefore: (() => number) | null = null;
  /** Whether the answer made a WebSocket of the connection. */
  #isUpgrade = false;
  #isComplete = false;
  /** For a stream or a WebSocket: returns whether it continues. */
  #goesOn: (() => boolean) | null = null;
  #endedAt: number | null = null;
  /** For a WebSocket: returns how many messages have come. */
  #messages: (() => number) | null = null;
  /** How many had come by the last look, and with how many bytes. */
  #seenMessages = 0;
  #seenBytes = 0;

  /** Begins an exchange, as its request came at this monotonic time. */
  constructor(now: number) {
    this.#begunAt = now;
  }

  /** Notes that the answer is a stream or a WebSocket, which may last as long as `goesOn` returns true. */
  hold(goesOn: () => boolean, messages: (() => number) | null = null): void {
    this.#goesOn = goesOn;
    this.#messages = messages;
  }

  /** Whether the answer is a stream or a WebSocket. */
  get isHeld(): boolean {
    return this.#goesOn !== null;
  }

  /**
   * Notes that the answer has to wait until the client has read others.
   *
   * @param takenAt Returns when the client last read one.
   */
  queue(takenAt: () => number): void {
    this.#takenBefore = takenAt;
  }

  /** Ends the wait: the time for the answer begins now, however long others took. */
  dequeue(now: number): void {
    this.#takenBefore = null;
    this.#begunAt = now;
  }

  /** Notes that the answer is there, and whether it made a WebSocket of the connection. */
  answer(now: number, { isUpgrade }: { isUpgrade: boolean }): void {
    this.#answeredAt = now;
    this.#isUpgrade = isUpgrade;
  }

  /** Sets the length of a metered answer, which stays in memory until the client reads it. Bytes. */
  meter(bytes: number): void {
    this.#untaken = bytes;
  }

  /** Notes that the client read something of the answer. */
  take(now: number): void {
    this.#takenAt = now;
  }

  /** The length of a metered answer that the client has not read; `null` for any other. Bytes. */
  get untaken(): number | null {
    return this.#isComplete ? null : this.#untaken;
  }

  /** Notes that the last byte of the answer was sent, or that none will be any more. */
  complete(): void {
    this.#isComplete = true;
  }

  /** Whether the connection is free for another request. */
  get isOver(): boolean {
    return this.#isComplete && !this.#isUpgrade;
  }

  /** Returns whether the client or the handler is still busy with it. */
  isUnderWay(): boolean {
    return !this.isOver && (this.#goesOn?.() ?? !this.#isComplete);
  }

  /**
   * Returns whether more has come since the last message than another one may have.
   *
   * @param bytes How many have come over the connection.
   */
  isTooLong(bytes: number): boolean {
    if (!this.#messages) return false;
    const messages = this.#messages();
    if (messages === this.#seenMessages) return bytes - this.#seenBytes > MAX_INCOMPLETE;
    this.#seenMessages = messages;
    this.#seenBytes = bytes;
    return false;
  }

  /**
   * Returns what took too long; `null` if nothing did.
   *
   * @param now Monotonic time, milliseconds.
   * @param takenAt When the client last acknowledged something, as the kernel reports it. An answer that
   * is not metered has the connection to itself, so this is about the answer.
   */
  overdue(now: number, patience: Patience, takenAt: number): string | null {
    if (this.#takenBefore) {
      const isLate = now - Math.max(this.#begunAt, this.#takenBefore()) > patience.response;
      return isLate ? "its client took no answers" : null;
    }
    if (this.#answeredAt === null) {
      return now - this.#begunAt > patience.answer ? "its request was not whole" : null;
    }
    if (!this.#goesOn) {
      const since = this.#untaken === null ? takenAt : this.#takenAt;
      const isLate = now - Math.max(this.#answeredAt, since) > patience.response;
      return isLate ? "it did not take its answer" : null;
    }
    if (this.#goesOn()) return null;
    this.#endedAt ??= now;
    return now - this.#endedAt >= patience.farewell ? "it took no more of its stream" : null;
  }
}
