import type { Services } from "./services.ts";

/**
 * The address under which others find the page: the one it was opened by, and where only this
 * machine knows that one, the first address in the network.
 */
export function shareUrl(url: URL, { networkUrl }: Pick<Services, "networkUrl">): string {
  const isOwn = /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  return (isOwn ? networkUrl() : null) ?? new URL("/", url).href;
}
