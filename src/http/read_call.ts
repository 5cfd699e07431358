import type { Logger } from "../log.ts";
import { plainAddress, type TrustedProxies } from "./client_address.ts";
import { requestedUrl } from "./requested_url.ts";
import type { Call, Remote } from "./router.ts";

export interface CallReaderOptions {
  readonly proxies: TrustedProxies;
  readonly log: Logger;
}

/**
 * Makes what gives what a request asks for and who sent it, and throws an HttpProblem where that
 * makes no sense. It believes X-Forwarded-For and X-Forwarded-Proto of trusted proxies alone, and
 * X-Forwarded-Host of nobody: a proxy has to pass Host on.
 */
export function createCallReader(
  { proxies, log }: CallReaderOptions,
): (request: Request, remote: Remote) => Call {
  let hasAdvised = false;

  function advise(proxy: string, { headers }: Request): void {
    // Others than this machine's could write what they like into the log.
    if (hasAdvised || !headers.has("x-forwarded-for") || !isLoopback(proxy)) return;
    hasAdvised = true;
    log.warn(
      `Start with --trusted-proxy ${proxy} if a proxy of yours runs there: ` +
        "until then, all who come by it count as one",
    );
  }

  return (request, remote) => {
    const url = requestedUrl(request);
    const from = plainAddress(remote.hostname);
    if (!proxies.has(from)) {
      advise(from, request);
      return { request, url, remote, client: from, isForwarded: false };
    }
    const { headers } = request;
    url.protocol = forwardedProtocol(headers.get("x-forwarded-proto")) ?? url.protocol;
    const forwardedFor = headers.get("x-forwarded-for");
    const client = proxies.senderBehind(from, forwardedFor);
    // Without it, someone on the proxy's own machine asks.
    return { request, url, remote, client, isForwarded: forwardedFor !== null };
  };
}

/** How the client asked the first proxy; some proxies name WebSockets apart. */
function forwardedProtocol(header: string | null): string | null {
  const [first] = (header ?? "").split(",");
  const [, secure] = /^(?:http|ws)(s?)$/i.exec(first.trim()) ?? [];
  return secure === undefined ? null : secure === "" ? "http:" : "https:";
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}
