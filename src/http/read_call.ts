import { withoutBasePath } from "./base_path.ts";
import type { Call, Remote } from "./call.ts";
import { rewriteCommonAddress } from "./common_address.ts";
import { requestedUrl } from "./requested_url.ts";
import type { SenderReader } from "./sender.ts";

/** Reads what a request asks for and who sent it. Throws an `HttpProblem` if it is malformed. */
export type CallReader = (request: Request, remote: Remote) => Call;

/**
 * Creates a function that reads requests. It believes X-Forwarded-Proto, and the port in
 * X-Forwarded-Host, of trusted proxies only.
 *
 * @param senderOf Determines who sent a request.
 * @param basePath The path of the watch page for the client; begins and ends with `/`. Requests arrive
 * with it, or without it through a proxy that strips it.
 */
export function createCallReader(senderOf: SenderReader, basePath: string): CallReader {
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
    // A client that connects directly and omits it finds the pages, and its cookies, at the root.
    const isBelow = path !== null || isRelayed || sender.isForwarded;
    return { request, url, askedPath, basePath: isBelow ? basePath : "/", remote, ...sender };
  };
}

/** Returns the protocol that the client used with the first proxy. Some proxies name WebSockets' own. */
function forwardedProtocol(header: string | null): string | null {
  const [first] = (header ?? "").split(",");
  const [, secure] = /^(?:http|ws)(s?)$/i.exec(first.trim()) ?? [];
  return secure === undefined ? null : secure === "" ? "http:" : "https:";
}

/**
 * Returns the port that a proxy left out of Host; empty if there is none. A different name is not
 * believed, since a page brought under our address (DNS rebinding) could send it. X-Forwarded-Port is
 * ignored: it is often that of a container.
 */
function forwardedPort(header: string | null, hostname: string): string {
  const [first] = (header ?? "").split(",");
  const asked = URL.parse(`http://${first.trim()}`);
  return asked?.hostname === hostname ? asked.port : "";
}
