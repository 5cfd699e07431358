import { createHash, timingSafeEqual } from "node:crypto";
import { BoundedMap } from "../bounded_map.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { GuessKeys } from "../net/networks.ts";
import type { ErrorCode } from "./explanation.ts";

/** What {@linkcode Secret} needs. */
export interface SecretOptions {
  /** The right secret. */
  readonly secret: string;
  /** Texts for people: for a wrong guess, and for any guess while guessing is blocked. */
  readonly reasons: { readonly wrong: ErrorCode; readonly locked: ErrorCode };
  /**
   * Whether it is random and too long to guess. The right secret is then accepted from everyone, since
   * a lock would only keep its owner out. Default: false.
   */
  readonly isRandom?: boolean;
  /** Times locks. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** Who makes a guess. */
export interface Guesser extends GuessKeys {
  /** The id in the browser's cookie, which nobody else knows; `null` without a cookie. */
  readonly session: string | null;
}

/** Result of a guess. */
export type Verdict =
  | { readonly isRight: true }
  | {
    readonly isRight: false;
    /** The text for the person who guessed. */
    readonly code: ErrorCode;
    /** Guesses left; 0 once the sender is locked out or slowed down. */
    readonly triesLeft: number;
    /** Seconds until the next guess is checked; absent while guesses are checked. */
    readonly retryAfter?: number;
  };

/** Wrong guesses of one sender within `LOCK_MS` that lock it out. */
const MAX_FAILURES = 5;
const LOCK_MS = 10 * 60 * 1000;

/** Wrong guesses of a larger network within the same time that slow it down. */
const MAX_SHARED_FAILURES = 50;

/** A slowed-down network gets one guess in this time. Milliseconds. */
const SLOW_MS = 10_000;

/** Senders with wrong guesses that are remembered; beyond that the oldest are forgotten. */
const MAX_REMEMBERED = 10_000;

/** Browsers remembered for having given the secret. */
const MAX_PROVEN = 1_000;

/** Texts for guesses at the streamer's token. */
export const TOKEN_REASONS: SecretOptions["reasons"] = {
  wrong: "wrong-token",
  locked: "too-many-tokens",
};

interface Failures {
  readonly count: number;
  /** When the last wrong guess came, in monotonic time. */
  readonly at: number;
  /** When the next guess of a slowed-down network is checked, in monotonic time. */
  readonly lookAt: number;
}

const NONE: Failures = { count: 0, at: 0, lookAt: 0 };

/**
 * Checks a secret, such as the streamer's token, and limits guessing. Five wrong guesses lock their
 * sender out for ten minutes. During that time even the right secret is refused, or guessing could
 * continue. Three rules keep one sender's lock from affecting others:
 *
 * - A browser that gave the secret before has its own count, wherever it is.
 * - In this machine's own networks each address has its own count. After fifty wrong guesses the
 *   whole network may guess once every ten seconds.
 * - This machine is never locked out. After five wrong guesses it may guess once every ten seconds.
 */
export class Secret {
  readonly #digest: Uint8Array;
  readonly #reasons: SecretOptions["reasons"];
  readonly #isRandom: boolean;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #failures = new BoundedMap<string, Failures>(MAX_REMEMBERED);
  /** Ids of the browsers that gave the secret, least recent first. */
  readonly #proven = new BoundedMap<string, true>(MAX_PROVEN);

  /** Creates a secret at which nobody has guessed yet. */
  constructor(options: SecretOptions) {
    const { secret, reasons, isRandom = false, clock = SYSTEM_CLOCK } = options;
    this.#digest = digestOf(secret);
    this.#reasons = reasons;
    this.#isRandom = isRandom;
    this.#clock = clock;
  }

  /** Compares in constant time, unless the sender is locked out or slowed down. */
  check(guess: string, guesser: Guesser): Verdict {
    const { own, shared } = this.#keysOf(guesser);
    if (this.#isRandom && this.#isSecret(guess)) return this.#admit(guesser, own);
    const wait = this.#lockOf(own) || this.#takeSlowTurn(shared, own);
    if (wait > 0) {
      const retryAfter = Math.ceil(wait / 1000);
      return { isRight: false, code: this.#reasons.locked, triesLeft: 0, retryAfter };
    }
    if (this.#isSecret(guess)) return this.#admit(guesser, own);
    if (own !== null) this.#fail(own);
    if (shared !== null) this.#fail(shared);
    const triesLeft = Math.max(0, MAX_FAILURES - this.#failuresOf(own ?? shared).count);
    const isSlowed = own === null && triesLeft === 0;
    const retryAfter = isSlowed ? { retryAfter: SLOW_MS / 1000 } : {};
    return { isRight: false, code: this.#reasons.wrong, triesLeft, ...retryAfter };
  }

  /** Whether this guesser's browser gave the right secret before. */
  wasGivenBy({ session }: Guesser): boolean {
    return session !== null && this.#proven.has(session);
  }

  #isSecret(guess: string): boolean {
    return timingSafeEqual(digestOf(guess), this.#digest);
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

  /** Returns how long a sender stays locked out, in milliseconds; 0 if it is not. */
  #lockOf(own: string | null): number {
    const { count, at } = this.#failuresOf(own);
    return count < MAX_FAILURES ? 0 : at + LOCK_MS - this.#clock.monotonic();
  }

  /** Takes the network's next turn to guess and returns 0, or returns the milliseconds until it. */
  #takeSlowTurn(shared: string | null, own: string | null): number {
    if (shared === null) return 0;
    const failures = this.#failuresOf(shared);
    if (failures.count < (own === null ? MAX_FAILURES : MAX_SHARED_FAILURES)) return 0;
    const now = this.#clock.monotonic();
    if (failures.lookAt > now) return failures.lookAt - now;
    this.#failures.set(shared, { ...failures, lookAt: now + SLOW_MS });
    return 0;
  }

  #failuresOf(key: string | null): Failures {
    const failures = key === null ? undefined : this.#failures.get(key);
    return failures && this.#clock.monotonic() - failures.at < LOCK_MS ? failures : NONE;
  }

  #fail(key: string): void {
    const { count, lookAt } = this.#failuresOf(key);
    this.#failures.set(key, { count: count + 1, at: this.#clock.monotonic(), lookAt });
  }
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

/** Returns a new secret of 128 random bits that can stand in an address. */
export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
