import { ensureViewerId, viewerId } from "../identity.ts";
import type { Handlers } from "../route.ts";
import { fillIn } from "../template.ts";
import { watchPage, type WatchPageParts } from "../watch_page.ts";

/** Answers `/` and `/embed` with a page filled in for its viewer, so that it works without JavaScript. */
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
