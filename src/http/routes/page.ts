import type { Call } from "../call.ts";
import { pageResponse } from "../compression.ts";
import { ensureViewerId, viewerId } from "../identity.ts";
import type { Handlers } from "../route.ts";
import { htmlHeaders } from "../pages/html_headers.ts";
import type { LocalizedPage } from "../pages/page_template.ts";
import { fillIn } from "../pages/template.ts";
import { watchPage, type WatchPageParts } from "../pages/watch_page.ts";

/**
 * Serves `/` and `/embed`, filled in for the viewer so that they work without JavaScript.
 *
 * @param banned The page for viewers whom the streamer banned.
 */
export function pageRoute(
  { template, languages }: LocalizedPage,
  banned: LocalizedPage,
  parts: WatchPageParts,
): Handlers {
  return {
    GET(call) {
      const language = languages.of(call.request);
      const headers = new Headers(htmlHeaders(language));
      ensureViewerId(call, headers);
      if (isBanned(call)) {
        return new Response(banned.template(language), { status: 403, headers });
      }
      const { text, html } = watchPage(parts, viewerId(call), call, language);
      const here = call.url.pathname + call.url.search;
      const values = { text: { ...text, here }, html };
      return pageResponse(call.request, fillIn(template(language), values), headers);
    },
  };

  function isBanned(call: Call): boolean {
    const viewer = viewerId(call);
    return viewer !== null && parts.community.moderation.bannedUntil(viewer) !== 0;
  }
}
