import { explain } from "../channel/explanation.ts";
import { SYSTEM_CLOCK } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import type { Call, Remote } from "./call.ts";
import { pageOrigin } from "./page_origin.ts";
import { HttpProblem, problemResponse } from "./problem.ts";
import type { Languages } from "./pages/languages.ts";
import type { CallReader } from "./read_call.ts";
import {
  type Check,
  findRoute,
  type Handler,
  NO_ROUTE,
  NO_STREAMER_ROUTE,
  type Route,
  type RouteTable,
} from "./route.ts";
import { securityHeaders } from "./security_headers.ts";

/** Decides whether and when requests are answered. */
export interface Admission {
  /**
   * Admits a request: at once with `null`, or after a wait.
   *
   * @throws {HttpProblem} 429, 503 or 505, possibly after a pause.
   */
  admit(request: Request, remote: Remote): Promise<void> | null;
  /** Records for how long a request kept the server busy. Milliseconds. */
  charge(request: Request, busy: number): void;
}

/** What {@linkcode createRouter} needs. */
export interface RouterOptions {
  /** Every path that it answers. */
  readonly routes: RouteTable;
  /** Origins whose pages may use shared routes. */
  readonly allowedOrigins: readonly string[];
  /** Called before anything else looks at a request. */
  readonly admission: Admission;
  /** Reads each request. */
  readonly readCall: CallReader;
  /** Called in this order before the route's handler. */
  readonly checks: readonly Check[];
  /** In which problems are explained to people. */
  readonly languages: Languages;
  /** Receives the errors of handlers. */
  readonly log: Logger;
}

/** Finds the handler of each request and answers where there is none, or where it fails. */
export function createRouter(
  options: RouterOptions,
): (request: Request, info: { readonly remoteAddr: Remote }) => Promise<Response> {
  const { routes, allowedOrigins, admission, readCall, checks, languages, log } = options;

  async function answer(call: Call, route: Route | undefined): Promise<Response> {
    const { request, request: { method }, url: { pathname } } = call;
    const policy = route ?? (pathname.startsWith("/admin/") ? NO_STREAMER_ROUTE : NO_ROUTE);
    for (const check of checks) {
      const response = await check(call, policy);
      if (response) return response;
    }
    if (!route) throw new HttpProblem(404, explain("not-found", { path: pathname.slice(0, 200) }));
    const handler = handlerOf(route, method);
    if (!handler) {
      const allow = allowed(route).join(", ");
      throw new HttpProblem(405, `Use ${allow}: this path does not support ${method}`, { allow });
    }
    const begun = SYSTEM_CLOCK.monotonic();
    const response = handler(call);
    admission.charge(request, SYSTEM_CLOCK.monotonic() - begun);
    return await response;
  }

  return async (request, { remoteAddr }) => {
    // The headers of an upgraded request can no longer be read.
    const site = pageOrigin(request.headers);
    const isRead = request.headers.has("origin");
    let askedPath = "";
    let route: Route | undefined;
    let response: Response;
    try {
      const turn = admission.admit(request, remoteAddr);
      if (turn) await turn;
      const call = readCall(request, remoteAddr);
      askedPath = call.askedPath;
      // Reading the call resolved aliases, so all that follows sees the route that they stand for.
      route = findRoute(routes, call.url.pathname);
      response = await answer(call, route);
    } catch (error) {
      response = problemResponse(request, asProblem(error, log), askedPath, languages);
    }
    const headers = securityHeaders({ shared: route?.shared, site, isRead, allowedOrigins });
    for (const [name, value] of Object.entries(headers)) {
      // The route may vary by a header of its own.
      if (name === "vary") response.headers.append(name, value);
      else response.headers.set(name, value);
    }
    return response;
  };
}

function handlerOf(route: Route, method: string): Handler | undefined {
  if (method === "HEAD") return route.HEAD ?? (route.GET && withoutBody(route.GET));
  return method === "GET" || method === "POST" ? route[method] : undefined;
}

/** Wraps a GET handler for HEAD: drops the body but keeps its length (RFC 9110 section 8.6). */
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
  return new HttpProblem(500, explain("server"));
}
