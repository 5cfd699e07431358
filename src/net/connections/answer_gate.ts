/** Answers of one client that may be under way at one time, as each keeps about 50 kB of Deno's. */
const MAX_ANSWERS = 64;

interface Gate {
  entered: number;
  /** When an answer was last taken, or the first began to wait. */
  progressAt: number;
  readonly waiting: (() => void)[];
}

/**
 * Lets so many requests of each client be answered at a time. By HTTP/2 a client can ask for
 * thousands of answers and take none; those that it does not take hold up its own others alone.
 */
export class AnswerGate {
  readonly #gates = new Map<string, Gate>();
  readonly #now: () => number;

  /** @param now Monotonic clock, milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Resolves when it is this request's turn; `null` if it is at once. {@linkcode leave} must follow. */
  enter(client: string): Promise<void> | null {
    const gate = this.#gates.get(client) ??
      { entered: 0, progressAt: this.#now(), waiting: [] };
    this.#gates.set(client, gate);
    if (gate.entered < MAX_ANSWERS) {
      gate.entered++;
      return null;
    }
    if (gate.waiting.length === 0) gate.progressAt = this.#now();
    return new Promise((resolve) => gate.waiting.push(resolve));
  }

  /** When an answer was last taken while others wait. */
  progressAt(client: string): number {
    return this.#gates.get(client)?.progressAt ?? this.#now();
  }

  /**
   * Gives the turn of a request that is over to the one that has waited longest.
   *
   * @param isTaken Whether the client took the answer, and not only its connection ended.
   */
  leave(client: string, isTaken: boolean): void {
    const gate = this.#gates.get(client)!;
    if (isTaken) gate.progressAt = this.#now();
    const next = gate.waiting.shift();
    if (next) next();
    else if (--gate.entered === 0) this.#gates.delete(client);
  }
}
