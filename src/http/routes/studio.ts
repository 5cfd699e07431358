import { ensureViewerId } from "../identity.ts";
import type { Handlers } from "../route.ts";
import type { Status } from "../route_parts.ts";
import { shareUrl } from "../share_url.ts";
import { fillIn } from "../template.ts";

/** Answers `/studio`: a page that is the same for everyone, since all that it loads needs the token. */
export function studioRoute(template: string, status: Pick<Status, "networkUrl">): Handlers {
  return {
    GET(call) {
      const headers = new Headers({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
      });
      // Others' guesses do not lock out a browser that has sent the token before; see `Secret`.
      ensureViewerId(call, headers);
      const text = { shareUrl: shareUrl(call, status) };
      return new Response(fillIn(template, { text, html: {} }), { headers });
    },
  };
}
