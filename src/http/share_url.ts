import { isOwnMachine } from "./host_list.ts";
import type { Call } from "./call.ts";
import type { Status } from "./route_parts.ts";

/** Returns the address of the watch page as the client would open it. */
export function pageUrl({ url, basePath }: Pick<Call, "url" | "basePath">): string {
  return new URL(basePath, url).href;
}

/**
 * Returns the address at which others find the page: the one this request used, or the machine's first
 * address on the network if only this machine knows the former.
 */
export function shareUrl(
  call: Pick<Call, "url" | "basePath">,
  status: Pick<Status, "networkUrl">,
): string {
  return (isOwnMachine(call.url.hostname) ? status.networkUrl() : null) ?? pageUrl(call);
}
