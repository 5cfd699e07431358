import type { Patience } from "./patience.ts";

/**
 * What a WebSocket may have sent of a message that has not come whole. `Deno.upgradeWebSocket` puts
 * together what comes in pieces without any limit, and tells only of the whole. Bytes.
 */
const MAX_UNTOLD = 64 * 1024;

/** One request and its answer. */
export class Exchange {
  /** When it began, or its turn came. */
  #begunAt: number;
  #answeredAt: number | null = null;
  /** When the client last took something of the answer, as far as the answer is metered. */
  #takenAt = -Infinity;
  #untaken: number | null = null;
  /** While others of its client have to be taken first: when one was. */
  #takenBefore: (() => number) | null = null;
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

  /** Whether the answer is a stream or a WebSocket. */
  get isHeld(): boolean {
    return this.#goesOn !== null;
  }

  /**
   * Notes that the answer has to wait until others of the same client are taken.
   *
   * @param takenAt When the client last took one.
   */
  queue(takenAt: () => number): void {
    this.#takenBefore = takenAt;
  }

  /** The wait is over: the time for the answer begins now, however long others took. */
  dequeue(now: number): void {
    this.#takenBefore = null;
    this.#begunAt = now;
  }

  answer(now: number, { isUpgrade }: { isUpgrade: boolean }): void {
    this.#answeredAt = now;
    this.#isUpgrade = isUpgrade;
  }

  /** Sets the length of a metered answer, which is kept in memory until the client takes it. Bytes. */
  meter(bytes: number): void {
    this.#untaken = bytes;
  }

  /** Notes that the client took something of the answer. */
  take(now: number): void {
    this.#takenAt = now;
  }

  /** The length of a metered answer that the client has not taken; `null` for any other. Bytes. */
  get untaken(): number | null {
    return this.#isComplete ? null : this.#untaken;
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
   * @param bytes How many came over the connection.
   */
  isTooLong(bytes: number): boolean {
    if (!this.#messages) return false;
    const messages = this.#messages();
    if (messages === this.#told) return bytes - this.#toldBytes > MAX_UNTOLD;
    this.#told = messages;
    this.#toldBytes = bytes;
    return false;
  }

  /**
   * What took too long; `null` if nothing did.
   *
   * @param takenAt When the kernel last saw the client take something. An answer that is not metered
   * has the connection for itself, so that this is of the answer.
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
