import { createHash, timingSafeEqual } from "node:crypto";
import { BoundedMap } from "../bounded_map.ts";
import type { GuessKeys } from "../net/networks.ts";

export interface SecretOptions {
  readonly secret: string;
  /** What is said of a wrong one, and of any while it is not looked at; for people. */
  readonly reasons: { readonly wrong: string; readonly locked: string };
  /**
   * Whether it was drawn at random, long enough that nobody can guess it. The right one is then
   * taken from everyone: a lock would keep nobody out but its owner. Default: false.
   */
  readonly isRandom?: boolean;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

/** Who tries. */
export interface Guesser extends GuessKeys {
  /** The id in the browser's cookie, which nobody else knows; `null` without one. */
  readonly session: string | null;
}

/** What came of a try. */
export type Verdict =
  | { readonly isRight: true }
  | {
    readonly isRight: false;
    /** For the person who tried. */
    readonly reason: string;
    /** How many more tries are looked at; 0 once the sender is locked out or slowed down. */
    readonly triesLeft: number;
    /** Seconds until the next try is looked at; absent while tries are looked at. */
    readonly retryAfter?: number;
  };

/** Wrong tries of one sender, within the time below, after which it is locked out. */
const MAX_FAILURES = 5;
const LOCK_MS = 10 * 60 * 1000;

/** Wrong tries of a larger network, within the same time, after which it is slowed down. */
const MAX_SHARED_FAILURES = 50;

/** How often a try from a network that is slowed down is looked at. Milliseconds. */
const SLOW_MS = 10_000;

/** Those who failed and are remembered; beyond that the oldest are forgotten. */
const MAX_REMEMBERED = 10_000;

/** Browsers that gave the secret and are remembered. */
const MAX_PROVEN = 1_000;

/** What is said of the streamer's token. */
export const TOKEN_REASONS: SecretOptions["reasons"] = {
  wrong: "Open the studio by the address printed at start",
  locked: "Try again later: too many tokens were wrong",
};

interface Failures {
  readonly count: number;
  /** When the last try was wrong. */
  readonly at: number;
  /** When the next try of a network that is slowed down is looked at. */
  readonly lookAt: number;
}

const NONE: Failures = { count: 0, at: 0, lookAt: 0 };

/**
 * Checks a secret, such as the streamer's token, and limits guessing. Five wrong guesses lock their
 * sender out for ten minutes. During that time even the right secret is refused, else guessing could
 * go on. Three rules keep one sender's lock from affecting others:
 *
 * - A browser that gave the secret before has a count of its own, wherever it is.
 * - In this machine's own networks each address has a count of its own. After fifty wrong guesses the
 *   whole network may guess once in ten seconds.
 * - This machine is never locked out. After five wrong guesses it may guess once in ten seconds.
 */
export class Secret {
  readonly #digest: Uint8Array;
  readonly #reasons: SecretOptions["reasons"];
  readonly #isRandom: boolean;
  readonly #now: () => number;
  readonly #failures = new BoundedMap<string, Failures>(MAX_REMEMBERED);
  /** Browsers that gave the secret, by their ids; the longest unseen first. */
  readonly #proven = new BoundedMap<string, true>(MAX_PROVEN);

  constructor(options: SecretOptions) {
    const { secret, reasons, isRandom = false, now = () => performance.now() } = options;
    this.#digest = digestOf(secret);
    this.#reasons = reasons;
    this.#isRandom = isRandom;
    this.#now = now;
  }

  /** Compares in constant time, unless the sender is locked out or slowed down. */
  check(tried: string, guesser: Guesser): Verdict {
    const { own, shared } = this.#keysOf(guesser);
    if (this.#isRandom && this.#isSecret(tried)) return this.#admit(guesser, own);
    const wait = this.#lockOf(own) || this.#slowdownOf(shared, own);
    if (wait > 0) {
      const retryAfter = Math.ceil(wait / 1000);
      return { isRight: false, reason: this.#reasons.locked, triesLeft: 0, retryAfter };
    }
    if (this.#isSecret(tried)) return this.#admit(guesser, own);
    if (own !== null) this.#fail(own);
    if (shared !== null) this.#fail(shared);
    const triesLeft = Math.max(0, MAX_FAILURES - this.#failuresOf(own ?? shared).count);
    const isSlowed = own === null && triesLeft === 0;
    const retryAfter = isSlowed ? { retryAfter: SLOW_MS / 1000 } : {};
    return { isRight: false, reason: this.#reasons.wrong, triesLeft, ...retryAfter };
  }

  /** Whether the guesser's browser gave the secret before. */
  wasGivenBy({ session }: Guesser): boolean {
    return session !== null && this.#proven.has(session);
  }

  #isSecret(tried: string): boolean {
    return timingSafeEqual(digestOf(tried), this.#digest);
  }

  #admit({ session }: Guesser, own: string | null): Verdict {
    if (own !== null) this.#failures.delete(own);
    if (session !== null) this.#proven.set(session, true);
    return { isRight: true };
  }

  #keysOf(guesser: Guesser): GuessKeys {
    const { session, own, shared } = guesser;
    return this.wasGivenBy(guesser) ? { own: `browser ${session}`, shared: null } : { own, shared };
  }

  /** Milliseconds for which a sender is locked out; 0 for not at all. */
  #lockOf(own: string | null): number {
    const { count, at } = this.#failuresOf(own);
    return count < MAX_FAILURES ? 0 : at + LOCK_MS - this.#now();
  }

  /** Milliseconds until a try from this network is looked at; 0 for now, which then is this one. */
  #slowdownOf(shared: string | null, own: string | null): number {
    if (shared === null) return 0;
    const failures = this.#failuresOf(shared);
    if (failures.count < (own === null ? MAX_FAILURES : MAX_SHARED_FAILURES)) return 0;
    const now = this.#now();
    if (failures.lookAt > now) return failures.lookAt - now;
    this.#failures.set(shared, { ...failures, lookAt: now + SLOW_MS });
    return 0;
  }

  #failuresOf(key: string | null): Failures {
    const failures = key === null ? undefined : this.#failures.get(key);
    return failures && this.#now() - failures.at < LOCK_MS ? failures : NONE;
  }

  #fail(key: string): void {
    const { count, lookAt } = this.#failuresOf(key);
    this.#failures.set(key, { count: count + 1, at: this.#now(), lookAt });
  }
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
