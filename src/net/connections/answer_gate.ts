import type { Clock } from "../../clock.ts";

/** The most answers of one client under way at a time: each takes about 50 kB of Deno's memory. */
const MAX_ANSWERS = 64;

interface Gate {
  entered: number;
  /** When the client last took an answer, or when the first request began to wait. */
  progressAt: number;
  readonly waiting: (() => void)[];
}

/**
 * Limits how many requests of each client are answered at a time. Over HTTP/2 a client can request
 * thousands of answers and read none; those that it does not read delay only its own.
 */
export class AnswerGate {
  readonly #gates = new Map<string, Gate>();
  readonly #clock: Pick<Clock, "monotonic">;

  /** Creates a gate that no request has entered yet. */
  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /**
   * Takes a turn for a request. {@linkcode leave} must follow.
   *
   * @returns A promise that resolves when the turn comes; `null` if it comes at once.
   */
  enter(client: string): Promise<void> | null {
    const gate = this.#gates.get(client) ??
      { entered: 0, progressAt: this.#clock.monotonic(), waiting: [] };
    this.#gates.set(client, gate);
    if (gate.entered < MAX_ANSWERS) {
      gate.entered++;
      return null;
    }
    if (gate.waiting.length === 0) gate.progressAt = this.#clock.monotonic();
    return new Promise((resolve) => gate.waiting.push(resolve));
  }

  /** Returns when the client last took an answer while others waited. */
  progressAt(client: string): number {
    return this.#gates.get(client)?.progressAt ?? this.#clock.monotonic();
  }

  /**
   * Passes the turn of a finished request on to the one that has waited longest.
   *
   * @param isTaken Whether the client took the answer, rather than its connection just ended.
   */
  leave(client: string, isTaken: boolean): void {
    const gate = this.#gates.get(client)!;
    if (isTaken) gate.progressAt = this.#clock.monotonic();
    const next = gate.waiting.shift();
    if (next) next();
    else if (--gate.entered === 0) this.#gates.delete(client);
  }
}
