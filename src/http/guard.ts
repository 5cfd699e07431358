import { Buffer } from "node:buffer";
import { checkHost, type HostList } from "./host_list.ts";
import { checkPace, type PostLimit } from "./post_limit.ts";
import { HttpProblem } from "./problem.ts";
import type { ProxyAdvice } from "./proxy_advice.ts";
import { checkSize } from "./request_limits.ts";
import type { Call, Check } from "./router.ts";
import { LIVE_PATH } from "./routes/live.ts";
import { STREAMER_FOLDER } from "./streamer.ts";
import { decodeForm } from "./text_encoding.ts";

export interface GuardOptions {
  readonly hosts: HostList;
  readonly posts: PostLimit;
  readonly advice: ProxyAdvice;
}

/** What every request has to pass, in this order. */
export function guardChecks({ hosts, posts, advice }: GuardOptions): Check[] {
  const checkSender: Check = (call) => {
    if (changes(call) || isHandshake(call)) checkOrigin(call, advice);
    if (isHandshake(call) && !call.request.headers.has("upgrade")) {
      throw new HttpProblem(426, advice.onLostUpgrade(), { upgrade: "websocket" });
    }
    return null;
  };
  // What another site's page sends does not count against who has it open.
  return [checkHost(hosts), checkSize, checkSender, checkPace(posts, isPaced)];
}

/**
 * Whether the sender's pace counts. What the streamer does is refused without the token, so that
 * others at the same address cannot use up the streamer's pace. A page that asks why it gets no
 * WebSocket changes nothing, and many behind one proxy may ask.
 */
function isPaced(call: Call): boolean {
  const { pathname } = call.url;
  return changes(call) && pathname !== LIVE_PATH && !pathname.startsWith(STREAMER_FOLDER);
}

/** Whether a request may change something; GET never does. */
function changes({ request: { method } }: Pick<Call, "request">): boolean {
  return method !== "GET" && method !== "HEAD";
}

/**
 * Whether a request opens a WebSocket, over which everything can be changed; some proxies leave out its
 * Upgrade header.
 */
function isHandshake({ request: { headers } }: Pick<Call, "request">): boolean {
  return headers.has("sec-websocket-key") || headers.has("upgrade");
}

/** What `Sec-Fetch-Site` says of requests that pages of other origins make. */
export const FOREIGN_RELATIONS = ["cross-site", "same-site"];

/**
 * Lets a request that changes something pass only from our own pages, or from programs, which say
 * nothing of a page. `Sec-Fetch-Site` decides where it is sent: the browser compares the page's
 * address with the one that it asks, which a proxy may have changed by the time it comes here. Some
 * browsers leave it out, all of them for addresses without HTTPS; then Origin has to be ours.
 *
 * @throws {HttpProblem} 403 when another site's page sent it.
 */
function checkOrigin(call: Call, advice: ProxyAdvice): void {
  const { request: { headers }, url } = call;
  const site = headers.get("sec-fetch-site") ?? "";
  const origin = headers.get("origin");
  if (FOREIGN_RELATIONS.includes(site)) throw refusal(origin ?? "another site's page");
  if (origin === null || origin === url.origin) return;
  const remedy = advice.onOrigin(call, origin);
  // Chromium's handshakes come without it, and so the reason why one was refused is asked for.
  if (site === "same-origin" && (url.pathname !== LIVE_PATH || isHandshake(call))) return;
  if (remedy === null) throw refusal(origin);
  throw new HttpProblem(
    403,
    `${remedy}: this page is ${origin.slice(0, 200)}, but the server was asked for ${url.origin}`,
  );
}

function refusal(sender: string): HttpProblem {
  return new HttpProblem(
    403,
    `Open the stream's own page to do this: it was sent by ${sender.slice(0, 200)}`,
  );
}

/** The longest request body that is read. Bytes. */
const MAX_BODY_BYTES = 16 * 1024;

/**
 * The fields of a form or of a JSON object in the body; none when it is empty.
 *
 * @throws {HttpProblem} 413 when it is too long, 415 for other types, 400 when it cannot be read.
 */
export async function readFields(request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get("content-type")?.split(";")[0].trim().toLowerCase();
  const body = await readBody(request);
  if (body.length === 0) return {};
  if (type === "application/x-www-form-urlencoded") return Object.fromEntries(decodeForm(body));
  if (type !== "application/json") {
    throw new HttpProblem(415, "Send a form or application/json");
  }
  const value = parseJson(new TextDecoder().decode(body));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new HttpProblem(400, "Send a JSON object");
  }
  return { ...value };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, "Send JSON: the body cannot be parsed");
  }
}

async function readBody(request: Request): Promise<Uint8Array> {
  const tooLong = new HttpProblem(413, `Send at most ${MAX_BODY_BYTES} bytes`, {
    connection: "close",
  });
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLong;
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) throw tooLong;
      chunks.push(chunk);
    }
  } catch (error) {
    if (error === tooLong) throw error;
    throw new HttpProblem(400, "Send the body whole: it broke off, or is not coded as it says");
  }
  return Buffer.concat(chunks);
}

/** Whether the body is a form of a page without JavaScript, which wants a page for an answer. */
export function isForm(request: Request): boolean {
  const type = request.headers.get("content-type") ?? "";
  return type.startsWith("application/x-www-form-urlencoded");
}
