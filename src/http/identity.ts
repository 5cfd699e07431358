import { createHmac } from "node:crypto";
// @ts-types="./std_http.d.ts"
import { setCookie } from "@std/http/cookie";
import { cookiesOf } from "./cookies.ts";
import type { Call } from "./router.ts";
import type { Guesser } from "./secret.ts";

const NAME = "viewer";
/** Over HTTPS alone (RFC 6265bis section 4.1.3.2); under one name, a browser that was given a
 * secure cookie would take none from the same host without HTTPS. */
const SECURE_NAME = "__Host-viewer";
const YEAR_SECONDS = 365 * 24 * 60 * 60;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id that the viewer's browser keeps in a cookie; `null` without a sound one. */
export function viewerId(request: Request): string | null {
  const cookies = cookiesOf(request);
  const id = cookies[SECURE_NAME] ?? cookies[NAME];
  return id !== undefined && UUID.test(id) ? id : null;
}

/** Gives a viewer who has no id yet a new one, in the headers of the answer. */
export function ensureViewerId(
  { request, url }: Pick<Call, "request" | "url">,
  headers: Headers,
): string {
  const secure = url.protocol === "https:";
  const name = secure ? SECURE_NAME : NAME;
  const known = viewerId(request);
  // Who came before there was HTTPS stays who they are.
  if (known && (!secure || name in cookiesOf(request))) return known;
  const value = known ?? crypto.randomUUID();
  setCookie(headers, {
    name,
    value,
    path: "/",
    maxAge: YEAR_SECONDS,
    httpOnly: true,
    sameSite: "Lax",
    secure,
  });
  return value;
}

/** Returns who tries a password or a token by this request. */
export function guesserOf({ request, guessKeys }: Pick<Call, "request" | "guessKeys">): Guesser {
  return { ...guessKeys, session: viewerId(request) };
}

/** Keeps addresses out of what is stored; another one at each start. */
const ADDRESS_KEY = crypto.getRandomValues(new Uint8Array(32));

/**
 * Who sends a request, as chat and donations know them: by their cookie, and a program without one
 * by its address, so that leaving the cookie out frees nobody of limits.
 */
export function senderOf({ request, capacityKey }: Pick<Call, "request" | "capacityKey">): string {
  return viewerId(request) ??
    `address ${createHmac("sha256", ADDRESS_KEY).update(capacityKey).digest("base64url")}`;
}
