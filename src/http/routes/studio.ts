import type { Route } from "../router.ts";
import type { Services } from "../services.ts";
import { shareUrl } from "../share_url.ts";
import { fillIn } from "../template.ts";

/** `/studio`: the streamer's page, the same for everyone; what it shows takes the token. */
export function studioRoute(services: Pick<Services, "networkUrl">, template: string): Route {
  return {
    GET({ url }) {
      const page = fillIn(template, { text: { shareUrl: shareUrl(url, services) }, html: {} });
      return new Response(page, {
        headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
      });
    },
  };
}
