import type { Logger } from "../log/log.ts";
import { isLoopback, plainAddress } from "../net/ip_address.ts";
import type { Networks } from "../net/networks.ts";
import { withoutBasePath } from "./base_path.ts";
import type { TrustedProxies } from "./client_address.ts";
import { rewriteCommonAddress } from "./common_address.ts";
import { requestedUrl } from "./requested_url.ts";
import type { Call, Remote } from "./router.ts";

const FORWARDED_FOR = "x-forwarded-for";

/** Headers that a proxy adds when it forwards a request; a client cannot remove them. */
export const RELAY_HEADERS = [FORWARDED_FOR, "forwarded", "x-real-ip", "via"];

/** Who sent a request, and by whom it came. */
export interface Sender extends Pick<Call, "capacityKey" | "guessKeys" | "isForwarded"> {
  /** Whether the other end of the connection is a trusted proxy. */
  readonly isTrusted: boolean;
  /** Whether a proxy that is not trusted says that it passed the request on. */
  readonly isRelayed: boolean;
}

/** Reads who sent a request. */
export type SenderReader = (request: Request, remote: Remote) => Sender;

export interface SenderReaderOptions {
  readonly proxies: TrustedProxies;
  readonly networks: Networks;
  readonly log: Logger;
}

/** Makes what reads who sent a request. It believes X-Forwarded-For of trusted proxies alone. */
export function createSenderReader({ proxies, networks, log }: SenderReaderOptions): SenderReader {
  let hasAdvised = false;

  function advise(proxy: string, { headers }: Request): void {
    // Others than this machine's could write what they like into the log.
    if (hasAdvised || !headers.has(FORWARDED_FOR) || !isLoopback(proxy)) return;
    hasAdvised = true;
    log.warn(
      `Requests come with X-Forwarded-For from ${proxy}. If a reverse proxy of yours runs there, ` +
        `start with --trusted-proxy ${proxy}: until then all its viewers count as one`,
    );
  }

  return (request, remote) => {
    const from = plainAddress(remote.hostname);
    const { headers } = request;
    if (!proxies.has(from)) {
      advise(from, request);
      const isRelayed = RELAY_HEADERS.some((name) => headers.has(name));
      return { ...keysOf(from, isRelayed), isForwarded: false, isTrusted: false, isRelayed };
    }
    const forwardedFor = headers.get(FORWARDED_FOR);
    const sender = proxies.senderBehind(from, forwardedFor);
    // Without it, someone on the proxy's own machine asks.
    const isForwarded = forwardedFor !== null;
    return { ...keysOf(sender, false), isForwarded, isTrusted: true, isRelayed: false };
  };

  function keysOf(address: string, isRelayed: boolean): Pick<Call, "capacityKey" | "guessKeys"> {
    return {
      capacityKey: networks.capacityKey(address),
      guessKeys: networks.guessKeys(address, isRelayed),
    };
  }
}

/**
 * Makes what reads what a request asks for and who sent it, and throws an HttpProblem where that
 * makes no sense. It believes X-Forwarded-Proto and the port in X-Forwarded-Host of trusted proxies
 * alone.
 *
 * @param basePath Where the client finds the watch page; begins and ends with `/`. Requests come with
 * it, or without it by a proxy that strips it.
 */
export function createCallReader(
  senderOf: SenderReader,
  basePath: string,
): (request: Request, remote: Remote) => Call {
  return (request, remote) => {
    const url = requestedUrl(request);
    const { isTrusted, isRelayed, ...sender } = senderOf(request, remote);
    if (isTrusted) {
      const { headers } = request;
      url.protocol = forwardedProtocol(headers.get("x-forwarded-proto")) ?? url.protocol;
      if (url.port === "") url.port = forwardedPort(headers.get("x-forwarded-host"), url.hostname);
    }
    const path = withoutBasePath(url.pathname, basePath);
    if (path !== null && basePath !== "/") url.pathname = path;
    const askedPath = url.pathname;
    rewriteCommonAddress(url);
    // Whoever asks directly and without it has the pages at the root, and their cookies too.
    const isBelow = path !== null || isRelayed || sender.isForwarded;
    return { request, url, askedPath, basePath: isBelow ? basePath : "/", remote, ...sender };
  };
}

/** How the client asked the first proxy; some proxies name WebSockets apart. */
function forwardedProtocol(header: string | null): string | null {
  const [first] = (header ?? "").split(",");
  const [, secure] = /^(?:http|ws)(s?)$/i.exec(first.trim()) ?? [];
  return secure === undefined ? null : secure === "" ? "http:" : "https:";
}

/**
 * Returns the port that a proxy left out of Host; empty where there is none. Another name is not
 * believed, which a page brought under our address (DNS rebinding) could send; nor X-Forwarded-Port,
 * often that of a container.
 */
function forwardedPort(header: string | null, hostname: string): string {
  const [first] = (header ?? "").split(",");
  const asked = URL.parse(`http://${first.trim()}`);
  return asked?.hostname === hostname ? asked.port : "";
}
