import { ensureViewerId, viewerId } from "../identity.ts";
import type { Handlers } from "../route.ts";
import { fillIn } from "../pages/template.ts";
import { watchPage, type WatchPageParts } from "../pages/watch_page.ts";

/** Serves `/` and `/embed`, filled in for the viewer so that they work without JavaScript. */
export function pageRoute(template: string, parts: WatchPageParts): Handlers {
  return {
    GET(call) {
      const headers = new Headers({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
      });
      ensureViewerId(call, headers);
      const values = watchPage(parts, viewerId(call), call);
      return new Response(fillIn(template, values), { headers });
    },
  };
}
