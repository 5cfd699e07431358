import { createHmac } from "node:crypto";
import { cookieName, cookiesOf, giveCookie, secureName } from "./cookies.ts";
import type { Call } from "./router.ts";
import type { Guesser } from "./secret.ts";

/**
 * Over HTTPS it has another name: a browser that was given a secure cookie would take none of the same
 * name from the same host without HTTPS.
 */
const NAME = "viewer";
const YEAR_SECONDS = 365 * 24 * 60 * 60;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id that the viewer's browser keeps in a cookie; `null` without a sound one. */
export function viewerId(call: Pick<Call, "request" | "basePath">): string | null {
  const cookies = cookiesOf(call.request);
  const id = cookies[secureName(NAME, call)] ?? cookies[NAME];
  return id !== undefined && UUID.test(id) ? id : null;
}

/** Gives a viewer who has no id yet a new one, in the headers of the answer. */
export function ensureViewerId(
  call: Pick<Call, "request" | "url" | "basePath">,
  headers: Headers,
): string {
  const known = viewerId(call);
  const name = cookieName(NAME, call);
  if (known && (name === NAME || name in cookiesOf(call.request))) return known;
  // Who came before there was HTTPS stays who they are.
  const value = known ?? crypto.randomUUID();
  giveCookie(call, headers, { name: NAME, value, maxAge: YEAR_SECONDS });
  return value;
}

/** Returns who tries a password or a token by this request. */
export function guesserOf(call: Pick<Call, "request" | "basePath" | "guessKeys">): Guesser {
  return { ...call.guessKeys, session: viewerId(call) };
}

/** Keeps addresses out of what is stored; another one at each start. */
const ADDRESS_KEY = crypto.getRandomValues(new Uint8Array(32));

/**
 * Who sends a request, as chat and donations know them: by their cookie, and a program without one
 * by its address, so that leaving the cookie out frees nobody of limits.
 */
export function senderOf(call: Pick<Call, "request" | "basePath" | "capacityKey">): string {
  return viewerId(call) ??
    `address ${createHmac("sha256", ADDRESS_KEY).update(call.capacityKey).digest("base64url")}`;
}
