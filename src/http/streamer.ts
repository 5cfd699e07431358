import { Buffer } from "node:buffer";
import { guesserOf } from "./identity.ts";
import { HttpProblem } from "./problem.ts";
import type { Call, Handler, Route } from "./router.ts";
import type { Verdict } from "./secret.ts";
import type { Services } from "./services.ts";

/** Every path in it takes the streamer's token. */
export const STREAMER_FOLDER = "/admin/";

/**
 * A WebSocket subprotocol that carries the token in base64url: of all headers of that handshake a
 * page may set no other, and an address would be kept in histories and logs.
 */
const SOCKET_PROTOCOL = /^token\.([\w-]+)$/;

const CHALLENGE = { "www-authenticate": "Bearer" };

type TokenCall = Pick<Call, "request" | "basePath" | "guessKeys">;
type TokenServices = Pick<Services, "streamerToken">;

/**
 * Answers by the route for the streamer alone, who shows the token as `Authorization: Bearer`. The
 * streamer's browser may then see what viewers see, without their password.
 */
export function forStreamer(
  services: Pick<Services, "streamerToken" | "viewerPassword">,
  route: Route,
): Route {
  const { viewerPassword } = services;
  const guarded = (handler: Handler): Handler => async (call) => {
    const token = bearerToken(call.request);
    if (token === null) {
      throw new HttpProblem(401, "Send the streamer's token as Authorization: Bearer", CHALLENGE);
    }
    requireRight(token, call, services);
    const response = await handler(call);
    if (viewerPassword && !viewerPassword.knows(call)) {
      viewerPassword.remember(call, response.headers);
    }
    return response;
  };
  return Object.fromEntries(
    Object.entries(route).map(([method, handler]) => [method, guarded(handler)]),
  );
}

/**
 * Returns the subprotocol by which the streamer's page opens a WebSocket, which the answer has to
 * repeat; `null` for a socket that shows no token.
 *
 * @throws {HttpProblem} 401 or 429 where the token is not taken.
 */
export function streamerProtocol(call: TokenCall, services: TokenServices): string | null {
  const shown = socketToken(call.request);
  if (shown === null) return null;
  requireRight(shown.token, call, services);
  return shown.protocol;
}

/**
 * Whether a request comes from the streamer: it shows the right token, in either way, or the cookie of
 * a browser that did before, whose pages and pictures carry no token. A wrong token counts as a guess.
 */
export function isFromStreamer(call: TokenCall, services: TokenServices): boolean {
  if (services.streamerToken.wasGivenBy(guesserOf(call))) return true;
  const token = bearerToken(call.request) ?? socketToken(call.request)?.token;
  return token !== undefined && verdictOn(token, call, services).isRight;
}

/** What came of the token that each request shows: asked for twice, it is still one guess. */
const verdicts = new WeakMap<Request, { readonly token: string; readonly verdict: Verdict }>();

function verdictOn(token: string, call: TokenCall, { streamerToken }: TokenServices): Verdict {
  const known = verdicts.get(call.request);
  if (known?.token === token) return known.verdict;
  const verdict = streamerToken.check(token, guesserOf(call));
  verdicts.set(call.request, { token, verdict });
  return verdict;
}

function requireRight(token: string, call: TokenCall, services: TokenServices): void {
  const verdict = verdictOn(token, call, services);
  if (verdict.isRight) return;
  const { reason, retryAfter } = verdict;
  if (retryAfter === undefined) throw new HttpProblem(401, reason, CHALLENGE);
  throw new HttpProblem(429, reason, { "retry-after": String(retryAfter) });
}

function bearerToken({ headers }: Request): string | null {
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
