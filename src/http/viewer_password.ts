import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { cookieName, cookiesOf, giveCookie } from "./cookies.ts";
import type { Call } from "./router.ts";
import { type Guesser, Secret, type Verdict } from "./secret.ts";

export interface ViewerPasswordOptions {
  readonly password: string;
  /** Kept from one start to the next, so that whoever entered the password needs not do so again. */
  readonly kept: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic?: () => number;
}

const NAME = "pass";

/** How long a browser is remembered. Seconds. */
const PASS_SECONDS = 30 * 24 * 60 * 60;

/** Longer passwords are compared as they come. Characters. */
const MAX_LENGTH = 1024;

/** Seconds since the Unix epoch when the pass ends, and an HMAC-SHA-256 of them in base64url. */
const PASS = /^(\d{1,12})\.([\w-]{43})$/;

/** What viewers have to enter, and who of them did. */
export class ViewerPassword {
  readonly #secret: Secret;
  readonly #key: Uint8Array;
  readonly #now: () => number;

  constructor({ password, kept, now = Date.now, monotonic }: ViewerPasswordOptions) {
    const normal = password.normalize();
    this.#secret = new Secret({
      secret: normal,
      reasons: {
        wrong: "That is not the password",
        locked: "Too many passwords were wrong",
      },
      now: monotonic,
    });
    // Another password makes another key, so that nobody stays in by the old one.
    this.#key = createHmac("sha256", kept).update(`password ${normal}`).digest();
    this.#now = now;
  }

  /** Looks at a password that someone tries. */
  check(password: string, guesser: Guesser): Verdict {
    // However a device composes its letters; composing is quadratic in the marks on a letter.
    const normal = password.length > MAX_LENGTH ? password : password.normalize();
    return this.#secret.check(normal, guesser);
  }

  /** Whether the browser that asks has entered the password. */
  knows(call: Pick<Call, "request" | "url" | "basePath">): boolean {
    const cookie = cookiesOf(call.request)[cookieName(NAME, call)] ?? "";
    const [, until, signature] = PASS.exec(cookie) ?? [];
    return until !== undefined && Number(until) * 1000 > this.#now() &&
      timingSafeEqual(Buffer.from(signature), Buffer.from(this.#sign(until)));
  }

  /** Gives the browser, in the headers of an answer, the cookie by which it is known. */
  remember(call: Pick<Call, "url" | "basePath">, headers: Headers): void {
    const until = String(Math.ceil(this.#now() / 1000) + PASS_SECONDS);
    const value = `${until}.${this.#sign(until)}`;
    giveCookie(call, headers, { name: NAME, value, maxAge: PASS_SECONDS });
  }

  #sign(until: string): string {
    return createHmac("sha256", this.#key).update(until).digest("base64url");
  }
}
