import { ensureViewerId } from "../identity.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";
import { shareUrl } from "../share_url.ts";
import { fillIn } from "../template.ts";

/** `/studio`: the streamer's page, the same for everyone; what it shows takes the token. */
export function studioRoute(services: Pick<Services, "networkUrl">, template: string): Route {
  return {
    GET(call) {
      const headers = new Headers({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
      });
      // A browser that has shown the token is not locked out by others' guesses; see `Secret`.
      ensureViewerId(call, headers);
      const text = { shareUrl: shareUrl(call, services) };
      return new Response(fillIn(template, { text, html: {} }), { headers });
    },
  };
}
