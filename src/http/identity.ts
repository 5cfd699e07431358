import { createHmac } from "node:crypto";
import { cookieName, cookiesOf, giveCookie, secureName } from "./cookies.ts";
import type { Call } from "./call.ts";
import type { Guesser } from "../channel/secret.ts";

/**
 * Name of the cookie without HTTPS. Over HTTPS it differs, since a browser with a secure cookie accepts
 * none of the same name from the same host without HTTPS.
 */
const NAME = "viewer";
const YEAR_SECONDS = 365 * 24 * 60 * 60;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Returns the viewer's id in the browser's cookie; `null` without a valid one. */
export function viewerId(call: Pick<Call, "request" | "basePath">): string | null {
  const cookies = cookiesOf(call.request);
  const id = cookies[secureName(NAME, call)] ?? cookies[NAME];
  return id !== undefined && UUID.test(id) ? id : null;
}

/** Returns the viewer's id. Sets a cookie with a new one, in the headers of a response, if there is none. */
export function ensureViewerId(
  call: Pick<Call, "request" | "url" | "basePath">,
  headers: Headers,
): string {
  const known = viewerId(call);
  const name = cookieName(NAME, call);
  if (known && (name === NAME || name in cookiesOf(call.request))) return known;
  // A viewer from before the server had HTTPS keeps the id.
  const value = known ?? crypto.randomUUID();
  giveCookie(call, headers, { name: NAME, value, maxAge: YEAR_SECONDS });
  return value;
}

/** Returns who guesses a password or a token with this request. */
export function guesserOf(call: Pick<Call, "request" | "basePath" | "guessKeys">): Guesser {
  return { ...call.guessKeys, session: viewerId(call) };
}

/** Keeps addresses out of the store. New at each start. */
const ADDRESS_KEY = crypto.getRandomValues(new Uint8Array(32));

/**
 * Returns the sender of a request as chat and donations know them: by their cookie, or without one by
 * a hash of their address, so that omitting the cookie evades no limit.
 */
export function senderOf(call: Pick<Call, "request" | "basePath" | "capacityKey">): string {
  return viewerId(call) ??
    `address ${createHmac("sha256", ADDRESS_KEY).update(call.capacityKey).digest("base64url")}`;
}
