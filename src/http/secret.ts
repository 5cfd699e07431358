import { createHash, timingSafeEqual } from "node:crypto";
import { subscriberOf } from "./client_address.ts";

export interface SecretOptions {
  readonly secret: string;
  /** What is said of a wrong one, and of any while its address is locked out; for people. */
  readonly reasons: { readonly wrong: string; readonly locked: string };
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
    /** How many more tries are looked at; 0 once the address is locked out. */
    readonly triesLeft: number;
    /** Seconds until the next try is looked at; absent while tries are looked at. */
    readonly retryAfter?: number;
  };

/** Wrong tries of one subscriber, within the time below, after which it is locked out. */
const MAX_FAILURES = 5;
const LOCK_MS = 10 * 60 * 1000;

/** Those who failed and are remembered; beyond that the oldest are forgotten. */
const MAX_REMEMBERED = 10_000;

/** What is said of the streamer's token. */
export const TOKEN_REASONS: SecretOptions["reasons"] = {
  wrong: "Open the studio by the address printed at start",
  locked: "Try again later: too many tokens were wrong",
};

/** Knows a secret, such as the streamer's token, and keeps others from guessing it. */
export class Secret {
  readonly #digest: Uint8Array;
  readonly #reasons: SecretOptions["reasons"];
  readonly #now: () => number;
  readonly #failures = new Map<string, { readonly count: number; readonly at: number }>();

  constructor({ secret, reasons, now = () => performance.now() }: SecretOptions) {
    this.#digest = digestOf(secret);
    this.#reasons = reasons;
    this.#now = now;
  }

  /** Compares in constant time. Five wrong tries lock their subscriber out for ten minutes. */
  check(tried: string, address: string): Verdict {
    const subscriber = subscriberOf(address);
    const failures = this.#failuresOf(subscriber);
    if (failures.count >= MAX_FAILURES) {
      const retryAfter = Math.ceil((failures.at + LOCK_MS - this.#now()) / 1000);
      return { isRight: false, reason: this.#reasons.locked, triesLeft: 0, retryAfter };
    }
    if (timingSafeEqual(digestOf(tried), this.#digest)) {
      this.#failures.delete(subscriber);
      return { isRight: true };
    }
    const count = failures.count + 1;
    this.#failures.delete(subscriber);
    this.#failures.set(subscriber, { count, at: this.#now() });
    this.#forgetOldest();
    return { isRight: false, reason: this.#reasons.wrong, triesLeft: MAX_FAILURES - count };
  }

  #failuresOf(subscriber: string): { readonly count: number; readonly at: number } {
    const failures = this.#failures.get(subscriber);
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

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
