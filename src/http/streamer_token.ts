import { createHash, timingSafeEqual } from "node:crypto";

export interface StreamerTokenOptions {
  readonly token: string;
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number;
}

/** What came of a try. */
export type Verdict =
  | { readonly isRight: true }
  | {
    readonly isRight: false;
    /** For the person who tried. */
    readonly reason: string;
    /** Seconds until the next try is looked at; absent while tries are looked at. */
    readonly retryAfter?: number;
  };

/** Wrong tries from one address, within the time below, after which it is locked out. */
const MAX_FAILURES = 5;
const LOCK_MS = 10 * 60 * 1000;

/** Addresses that failed and are remembered; beyond that the oldest are forgotten. */
const MAX_REMEMBERED = 10_000;

/** Knows the streamer's token, and keeps others from guessing it. */
export class StreamerToken {
  readonly #digest: Uint8Array;
  readonly #now: () => number;
  readonly #failures = new Map<string, { readonly count: number; readonly at: number }>();

  constructor({ token, now = () => performance.now() }: StreamerTokenOptions) {
    this.#digest = digestOf(token);
    this.#now = now;
  }

  /** Compares in constant time. Five wrong tries lock their address out for ten minutes. */
  check(token: string, address: string): Verdict {
    const failures = this.#failuresOf(address);
    if (failures.count >= MAX_FAILURES) {
      const retryAfter = Math.ceil((failures.at + LOCK_MS - this.#now()) / 1000);
      return { isRight: false, reason: "Try again later: too many tokens were wrong", retryAfter };
    }
    if (timingSafeEqual(digestOf(token), this.#digest)) {
      this.#failures.delete(address);
      return { isRight: true };
    }
    this.#failures.delete(address);
    this.#failures.set(address, { count: failures.count + 1, at: this.#now() });
    this.#forgetOldest();
    return { isRight: false, reason: "Open the studio by the address printed at start" };
  }

  #failuresOf(address: string): { readonly count: number; readonly at: number } {
    const failures = this.#failures.get(address);
    return failures && this.#now() - failures.at < LOCK_MS ? failures : { count: 0, at: 0 };
  }

  #forgetOldest(): void {
    if (this.#failures.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#failures.keys()) {
      this.#failures.delete(oldest);
      break;
    }
  }
}

function digestOf(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
