import { isOwnMachine } from "./host_list.ts";
import type { Call } from "./router.ts";
import type { Services } from "./services.ts";

/** Returns the address of the watch page, as the client would open it. */
export function pageUrl({ url, basePath }: Pick<Call, "url" | "basePath">): string {
  return new URL(basePath, url).href;
}

/**
 * Returns the address under which others find the page: the one that this request came by, or the
 * first address in the network where only this machine knows that one.
 */
export function shareUrl(
  call: Pick<Call, "url" | "basePath">,
  { networkUrl }: Pick<Services, "networkUrl">,
): string {
  return (isOwnMachine(call.url.hostname) ? networkUrl() : null) ?? pageUrl(call);
}
