import type { Call } from "./call.ts";
import { checkHost, type HostList } from "./host_list.ts";
import { checkPace, type PostLimit } from "./post_limit.ts";
import { HttpProblem } from "./problem.ts";
import type { ProxyAdvice } from "./proxy_advice.ts";
import { checkSize } from "./request_limits.ts";
import type { Check, Policy } from "./route.ts";

/** What {@linkcode guardChecks} needs. */
export interface GuardOptions {
  /** Names of the server. */
  readonly hosts: HostList;
  /** Limits how often one address may change something. */
  readonly posts: PostLimit;
  /** Explains refusals that a misconfigured proxy causes. */
  readonly advice: ProxyAdvice;
}

/** Returns the checks that every request has to pass, in this order. */
export function guardChecks({ hosts, posts, advice }: GuardOptions): Check[] {
  const checkSender: Check = (call) => {
    if (mayChange(call) || isHandshake(call)) checkOrigin(call, advice);
    if (isHandshake(call) && !call.request.headers.has("upgrade")) {
      throw new HttpProblem(426, advice.onLostUpgrade(), { upgrade: "websocket" });
    }
    return null;
  };
  // The pace comes last: what another site's page sends must not count against whoever opened it.
  return [checkHost(hosts), checkSize, checkSender, checkPace(posts, isPaced)];
}

/**
 * Whether a request counts against its sender's pace. The streamer's routes need the token, so others at
 * the same address must not use up the streamer's pace. A page without a WebSocket polls, also with nothing to
 * change, and many may do so behind one proxy; what it sends counts once it is read.
 */
function isPaced(call: Call, { access, isSocket, hasOwnPace }: Policy): boolean {
  return mayChange(call) && !isSocket && !hasOwnPace && access !== "streamer";
}

/** Whether a request may change something; GET never does. */
function mayChange({ request: { method } }: Pick<Call, "request">): boolean {
  return method !== "GET" && method !== "HEAD";
}

/** Whether a request opens a WebSocket, which can change anything. Some proxies drop its Upgrade header. */
function isHandshake({ request: { headers } }: Pick<Call, "request">): boolean {
  return headers.has("sec-websocket-key") || headers.has("upgrade");
}

/** Values of `Sec-Fetch-Site` for requests of pages of other origins. */
export const FOREIGN_RELATIONS = ["cross-site", "same-site"];

/**
 * Lets a request that may change something pass only from our own pages, or from programs, which send
 * no origin. `Sec-Fetch-Site` decides where it is present: the browser compares the page's address with
 * the one it requests, which a proxy may change on the way. Some browsers never send it, and all omit
 * it for addresses without HTTPS; then Origin has to be ours.
 *
 * @throws {HttpProblem} 403 if another site's page sent it.
 */
function checkOrigin(call: Call, advice: ProxyAdvice): void {
  const { request: { headers }, url } = call;
  const site = headers.get("sec-fetch-site") ?? "";
  const origin = headers.get("origin");
  if (FOREIGN_RELATIONS.includes(site)) throw refusal(origin ?? "another site's page");
  if (origin === null || origin === url.origin) return;
  const remedy = advice.onOrigin(call, origin);
  if (site === "same-origin") return;
  if (remedy === null) throw refusal(origin);
  throw new HttpProblem(
    403,
    `${remedy}: this page is ${origin.slice(0, 200)}, but its request was for ${url.origin}`,
  );
}

function refusal(sender: string): HttpProblem {
  return new HttpProblem(
    403,
    `Use the stream's own page for this: the request came from ${sender.slice(0, 200)}`,
  );
}
