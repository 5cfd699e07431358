import { pageResponse } from "../compression.ts";
import { ensureViewerId } from "../identity.ts";
import type { Handlers } from "../route.ts";
import type { Status } from "../route_parts.ts";
import { shareUrl } from "../share_url.ts";
import { htmlHeaders } from "../pages/html_headers.ts";
import type { LocalizedPage } from "../pages/page_template.ts";
import { fillIn } from "../pages/template.ts";

/** Serves `/studio`, the same for everyone: its scripts load the contents with the token. */
export function studioRoute(
  { template, languages }: LocalizedPage,
  status: Pick<Status, "networkUrl">,
): Handlers {
  return {
    GET(call) {
      const language = languages.of(call.request);
      const headers = new Headers(htmlHeaders(language));
      // Other people's wrong guesses do not lock out a browser that has sent the token; see `Secret`.
      ensureViewerId(call, headers);
      const text = { shareUrl: shareUrl(call, status), here: "/studio" };
      return pageResponse(call.request, fillIn(template(language), { text, html: {} }), headers);
    },
  };
}
