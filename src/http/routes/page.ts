import type { History } from "../history.ts";
import { ensureViewerId, viewerId } from "../identity.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";
import { fillIn } from "../template.ts";
import { watchPage } from "../watch_page.ts";

/** `/` and `/embed`: a page filled in for this viewer so that it works without JavaScript. */
export function pageRoute(services: Services, history: History, template: string): Route {
  return {
    GET(call) {
      const headers = new Headers({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
      });
      ensureViewerId(call, headers);
      const values = watchPage(services, history, viewerId(call), call);
      return new Response(fillIn(template, values), { headers });
    },
  };
}
