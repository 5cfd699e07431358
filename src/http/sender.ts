import type { Logger } from "../log/log.ts";
import { isLoopback, plainAddress } from "../net/ip_address.ts";
import type { Networks } from "../net/networks.ts";
import type { Call, Remote } from "./call.ts";
import type { TrustedProxies } from "./client_address.ts";

const FORWARDED_FOR = "x-forwarded-for";

/** Headers that a proxy adds when it forwards a request. A client cannot remove them. */
export const RELAY_HEADERS = [FORWARDED_FOR, "forwarded", "x-real-ip", "via"];

/** Who sent a request, and through what. */
export interface Sender extends Pick<Call, "capacityKey" | "guessKeys" | "isForwarded"> {
  /** Whether the other end of the connection is a trusted proxy. */
  readonly isTrusted: boolean;
  /** Whether an untrusted proxy says that it forwarded the request. */
  readonly isRelayed: boolean;
}

/** Determines who sent a request. */
export type SenderReader = (request: Request, remote: Remote) => Sender;

/** What {@linkcode createSenderReader} needs. */
export interface SenderReaderOptions {
  /** The proxies whose X-Forwarded-For is believed. */
  readonly proxies: TrustedProxies;
  /** Says which addresses count as one client. */
  readonly networks: Networks;
  /** Receives advice to trust a proxy on this machine. */
  readonly log: Logger;
}

/** Creates a function that determines who sent a request. */
export function createSenderReader({ proxies, networks, log }: SenderReaderOptions): SenderReader {
  let hasAdvised = false;

  function advise(proxy: string, { headers }: Request): void {
    // Only programs on this machine may cause a log line; others could write what they like.
    if (hasAdvised || !headers.has(FORWARDED_FOR) || !isLoopback(proxy)) return;
    hasAdvised = true;
    log.warn(
      `Requests from ${proxy} have X-Forwarded-For. If a reverse proxy runs there, ` +
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
    // Without the header, a program on the proxy's own machine sent the request.
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
