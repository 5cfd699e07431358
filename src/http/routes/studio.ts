import { ensureViewerId } from "../identity.ts";
import type { Handlers } from "../route.ts";
import type { Status } from "../route_parts.ts";
import { shareUrl } from "../share_url.ts";
import { fillIn } from "../pages/template.ts";

/** Serves `/studio`, the same for everyone: its scripts load the contents with the token. */
export function studioRoute(template: string, status: Pick<Status, "networkUrl">): Handlers {
  return {
    GET(call) {
      const headers = new Headers({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
      });
      // Other people's wrong guesses do not lock out a browser that has sent the token; see `Secret`.
      ensureViewerId(call, headers);
      const text = { shareUrl: shareUrl(call, status) };
      return new Response(fillIn(template, { text, html: {} }), { headers });
    },
  };
}
