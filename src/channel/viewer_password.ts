import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { type Guesser, Secret, type Verdict } from "./secret.ts";

/** What {@linkcode ViewerPassword} needs. */
export interface ViewerPasswordOptions {
  /** The password itself. */
  readonly password: string;
  /** Signs the passes. The store keeps it, so that passes survive a restart. */
  readonly kept: Uint8Array;
  /** Times passes and locks. */
  readonly clock?: Clock;
}

/** How long a pass is valid. Seconds. */
export const PASS_SECONDS: number = 30 * 24 * 60 * 60;

/** Longer passwords are compared without normalisation. Characters. */
const MAX_LENGTH = 1024;

/** Seconds since the Unix epoch when the pass expires, and their HMAC-SHA-256 in base64url. */
const PASS = /^(\d{1,12})\.([\w-]{43})$/;

/**
 * The password that viewers enter. A browser that entered it keeps a signed pass, so nobody enters it
 * twice within a month.
 */
export class ViewerPassword {
  readonly #secret: Secret;
  readonly #key: Uint8Array;
  readonly #clock: Clock;

  /** Creates a password that nobody has entered yet. */
  constructor({ password, kept, clock = SYSTEM_CLOCK }: ViewerPasswordOptions) {
    const normal = password.normalize();
    this.#secret = new Secret({
      secret: normal,
      reasons: { wrong: "wrong-password", locked: "too-many-passwords" },
      clock,
    });
    // A new password makes a new key, which invalidates every pass issued for the old one.
    this.#key = createHmac("sha256", kept).update(`password ${normal}`).digest();
    this.#clock = clock;
  }

  /** Checks a password that somebody entered. */
  check(password: string, guesser: Guesser): Verdict {
    // Devices compose letters differently. Normalising is quadratic in the marks on one letter.
    const normal = password.length > MAX_LENGTH ? password : password.normalize();
    return this.#secret.check(normal, guesser);
  }

  /** Returns a pass for a browser that entered the password. */
  issuePass(): string {
    const until = String(Math.ceil(this.#clock.wall() / 1000) + PASS_SECONDS);
    return `${until}.${this.#sign(until)}`;
  }

  /** Whether this is a valid pass that has not expired. */
  isPass(text: string): boolean {
    const [, until, signature] = PASS.exec(text) ?? [];
    return until !== undefined && Number(until) * 1000 > this.#clock.wall() &&
      timingSafeEqual(Buffer.from(signature), Buffer.from(this.#sign(until)));
  }

  #sign(until: string): string {
    return createHmac("sha256", this.#key).update(until).digest("base64url");
  }
}
