import { messageOf } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import type { GuessKeys } from "../net/networks.ts";
import { pageOrigin } from "./page_origin.ts";
import { HttpProblem, problemResponse } from "./problem.ts";
import { securityHeaders } from "./security_headers.ts";

/** The other end of a connection. */
export interface Remote {
  readonly hostname: string;
  readonly port: number;
}

/** A request, its parsed address, and who sent it. */
export interface Call {
  readonly request: Request;
  /** As the client asked for it, with `https:` also where a trusted proxy ends HTTPS. */
  readonly url: URL;
  /**
   * The path that the client asked for, without the base path. That of `url` differs from it where a
   * common address was rewritten.
   */
  readonly askedPath: string;
  /**
   * The path of the watch page in the client's address, which begins and ends with `/`. `url` comes
   * without it.
   */
  readonly basePath: string;
  /** The other end of the connection, which may be a proxy. */
  readonly remote: Remote;
  /**
   * Whose share of seats and changes the request uses, by the address of who sent it, behind a
   * trusted proxy as that tells it; see `Networks.capacityKey`.
   */
  readonly capacityKey: string;
  /** Under whose names a wrong password or token counts. */
  readonly guessKeys: GuessKeys;
  /** Whether the other end of the connection is a trusted proxy, not the client. */
  readonly isForwarded: boolean;
}

/** Lets a call pass with `null`, or answers it instead of its route. May throw an {@linkcode HttpProblem}. */
export type Check = (call: Call) => Response | null | Promise<Response | null>;

export type Handler = (call: Call) => Response | Promise<Response>;

/** What one path answers. Without a `HEAD` of its own, a path with `GET` answers that less its body. */
export interface Route {
  readonly GET?: Handler;
  readonly HEAD?: Handler;
  readonly POST?: Handler;
}

/** Decides whether and when requests are answered. */
export interface Admission {
  /**
   * Lets a request in, at once with `null`, or after a wait.
   *
   * @throws {HttpProblem} 429, 503 or 505, maybe after a pause.
   */
  admit(request: Request, remote: Remote): Promise<void> | null;
  /** Takes into account for how long a request kept the server busy. Milliseconds. */
  charge(request: Request, busy: number): void;
}

export interface RouterOptions {
  readonly routes: Readonly<Record<string, Route>>;
  /** Answers paths that no route has; `null` when it does not know one either. */
  readonly fallback: (path: string) => Route | null;
  /** Origins whose pages may embed the stream. */
  readonly allowedOrigins: readonly string[];
  /** Asked before anything else looks at a request. */
  readonly admission: Admission;
  /** Gives what a request asks for and who sent it; may throw an {@linkcode HttpProblem}. */
  readonly readCall: (request: Request, remote: Remote) => Call;
  /** Asked in this order before any route is looked for. */
  readonly checks: readonly Check[];
  readonly log: Logger;
}

/** Finds the handler of each request, and answers for those that have none or that fail. */
export function createRouter(
  options: RouterOptions,
): (request: Request, info: { readonly remoteAddr: Remote }) => Promise<Response> {
  const routes = new Map(Object.entries(options.routes));

  async function answer(call: Call): Promise<Response> {
    for (const check of options.checks) {
      const response = await check(call);
      if (response) return response;
    }
    const { request, request: { method }, url: { pathname } } = call;
    const route = routes.get(pathname) ?? options.fallback(pathname);
    if (!route) throw new HttpProblem(404, `Nothing is here: ${pathname.slice(0, 200)}`);
    const handler = handlerOf(route, method);
    if (!handler) {
      const allow = allowed(route).join(", ");
      throw new HttpProblem(405, `Use ${allow}: this path does not take ${method}`, { allow });
    }
    const begun = performance.now();
    const response = handler(call);
    options.admission.charge(request, performance.now() - begun);
    return await response;
  }

  return async (request, { remoteAddr }) => {
    // An upgraded request can no longer be asked.
    const site = pageOrigin(request.headers);
    const isRead = request.headers.has("origin");
    const { allowedOrigins, admission, readCall } = options;
    let path = "", askedPath = "";
    let response: Response;
    try {
      const turn = admission.admit(request, remoteAddr);
      if (turn) await turn;
      const call = readCall(request, remoteAddr);
      ({ askedPath, url: { pathname: path } } = call);
      response = await answer(call);
    } catch (error) {
      response = problemResponse(request, asProblem(error, options.log), askedPath);
    }
    const headers = securityHeaders({ path, site, isRead, allowedOrigins });
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    return response;
  };
}

function handlerOf(route: Route, method: string): Handler | undefined {
  if (method === "HEAD") return route.HEAD ?? (route.GET && withoutBody(route.GET));
  return method === "GET" || method === "POST" ? route[method] : undefined;
}

/** Tells the length of the body that is left out, which must be that of `GET` (RFC 9110 section 8.6). */
function withoutBody(handler: Handler): Handler {
  return async (call) => {
    const response = await handler(call);
    const answer = new Response(null, response);
    if (!response.body) return answer;
    const { byteLength } = await response.arrayBuffer();
    answer.headers.set("content-length", String(byteLength));
    return answer;
  };
}

function allowed(route: Route): string[] {
  return [...(route.GET ? ["GET", "HEAD"] : []), ...(route.POST ? ["POST"] : [])];
}

function asProblem(error: unknown, log: Logger): HttpProblem {
  if (error instanceof HttpProblem) return error;
  log.error(`Cannot answer a request: ${messageOf(error)}`);
  return new HttpProblem(500, "Try again: the server could not answer");
}
