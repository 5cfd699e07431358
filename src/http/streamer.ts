import { Buffer } from "node:buffer";
import { explain } from "../channel/explanation.ts";
import type { Secret, Verdict } from "../channel/secret.ts";
import type { ViewerPassword } from "../channel/viewer_password.ts";
import type { Call } from "./call.ts";
import { guesserOf } from "./identity.ts";
import { givePass, hasPass } from "./pass_cookie.ts";
import { HttpProblem } from "./problem.ts";
import type { Handler } from "./route.ts";

/**
 * A WebSocket subprotocol that carries the token in base64url. Of all headers of that handshake a page
 * can set no other, and addresses end up in histories and logs.
 */
const SOCKET_PROTOCOL = /^token\.([\w-]+)$/;

const CHALLENGE = { "www-authenticate": "Bearer" };

/** What reading the token needs of a call. */
export type TokenCall = Pick<Call, "request" | "basePath" | "guessKeys">;

/** The token that the streamer sends, and the password that it makes unnecessary. */
export interface StreamerSecrets {
  /** Opens the studio. */
  readonly streamerToken: Secret;
  /** What viewers enter; `null` for nothing. */
  readonly viewerPassword: ViewerPassword | null;
}

/**
 * Wraps a handler so that it answers the streamer alone, who sends the token as
 * `Authorization: Bearer`. The streamer's browser may then watch without the viewers' password.
 */
export function forStreamer(handler: Handler, secrets: StreamerSecrets): Handler {
  const { streamerToken, viewerPassword } = secrets;
  return async (call) => {
    const token = bearerToken(call.request);
    if (token === null) {
      throw new HttpProblem(401, "Send the streamer's token as Authorization: Bearer", CHALLENGE);
    }
    requireRight(token, call, streamerToken);
    const response = await handler(call);
    if (viewerPassword && !hasPass(call, viewerPassword)) {
      givePass(call, response.headers, viewerPassword);
    }
    return response;
  };
}

/**
 * Returns the subprotocol with which the studio opens a WebSocket, and which the response has to
 * repeat; `null` for a socket that sends no token.
 *
 * @throws {HttpProblem} 401 or 429 if the token is wrong, or is not checked now.
 */
export function streamerProtocol(call: TokenCall, streamerToken: Secret): string | null {
  const sent = socketToken(call.request);
  if (sent === null) return null;
  requireRight(sent.token, call, streamerToken);
  return sent.protocol;
}

/**
 * Whether a request has the streamer's token as `Authorization: Bearer`.
 *
 * @throws {HttpProblem} 401 or 429 if the token is wrong, or is not checked now.
 */
export function hasStreamerToken(call: TokenCall, streamerToken: Secret): boolean {
  const token = bearerToken(call.request);
  if (token !== null) requireRight(token, call, streamerToken);
  return token !== null;
}

/**
 * Whether a request comes from the streamer: it has the right token in either header, or the cookie of
 * a browser that sent it before, whose pages and images carry no token. A wrong token counts as a guess.
 */
export function isFromStreamer(call: TokenCall, streamerToken: Secret): boolean {
  if (streamerToken.wasGivenBy(guesserOf(call))) return true;
  const token = bearerToken(call.request) ?? socketToken(call.request)?.token;
  return token !== undefined && verdictOn(token, call, streamerToken).isRight;
}

/** Verdicts by request, so that checking one twice counts as one guess. */
const verdicts = new WeakMap<Request, { readonly token: string; readonly verdict: Verdict }>();

function verdictOn(token: string, call: TokenCall, streamerToken: Secret): Verdict {
  const known = verdicts.get(call.request);
  if (known?.token === token) return known.verdict;
  const verdict = streamerToken.check(token, guesserOf(call));
  verdicts.set(call.request, { token, verdict });
  return verdict;
}

function requireRight(token: string, call: TokenCall, streamerToken: Secret): void {
  const verdict = verdictOn(token, call, streamerToken);
  if (verdict.isRight) return;
  const { code, retryAfter } = verdict;
  if (retryAfter === undefined) throw new HttpProblem(401, explain(code), CHALLENGE);
  throw new HttpProblem(429, explain(code), { "retry-after": String(retryAfter) });
}

/** Returns the token in the `Authorization` header; `null` without one. */
export function bearerToken({ headers }: Pick<Request, "headers">): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

function socketToken({ headers }: Request): { protocol: string; token: string } | null {
  const protocols = (headers.get("sec-websocket-protocol") ?? "").split(",");
  for (const protocol of protocols.map((protocol) => protocol.trim())) {
    const [, token] = SOCKET_PROTOCOL.exec(protocol) ?? [];
    if (token !== undefined) return { protocol, token: Buffer.from(token, "base64url").toString() };
  }
  return null;
}
