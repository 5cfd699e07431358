import type { Logger } from "../log.ts";
import { isLoopback, type Networks } from "../networks.ts";
import { plainAddress, type TrustedProxies } from "./client_address.ts";
import { rewriteCommonAddress } from "./common_address.ts";
import { requestedUrl } from "./requested_url.ts";
import type { Call, Remote } from "./router.ts";

const FORWARDED_FOR = "x-forwarded-for";

/** Headers that a proxy adds when it forwards a request; a client cannot remove them. */
const RELAY_HEADERS = [FORWARDED_FOR, "forwarded", "x-real-ip", "via"];

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
      `Start with --trusted-proxy ${proxy} if a proxy of yours runs there: ` +
        "until then, all who come by it count as one",
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
 * Makes what gives what a request asks for and who sent it, and throws an HttpProblem where that
 * makes no sense. It believes X-Forwarded-Proto of trusted proxies alone, and X-Forwarded-Host of
 * nobody: a proxy has to pass Host on.
 */
export function createCallReader(
  senderOf: SenderReader,
): (request: Request, remote: Remote) => Call {
  return (request, remote) => {
    const url = requestedUrl(request);
    rewriteCommonAddress(url);
    const { capacityKey, guessKeys, isForwarded, isTrusted } = senderOf(request, remote);
    if (isTrusted) {
      const { headers } = request;
      url.protocol = forwardedProtocol(headers.get("x-forwarded-proto")) ?? url.protocol;
    }
    return { request, url, remote, capacityKey, guessKeys, isForwarded };
  };
}

/** How the client asked the first proxy; some proxies name WebSockets apart. */
function forwardedProtocol(header: string | null): string | null {
  const [first] = (header ?? "").split(",");
  const [, secure] = /^(?:http|ws)(s?)$/i.exec(first.trim()) ?? [];
  return secure === undefined ? null : secure === "" ? "http:" : "https:";
}
