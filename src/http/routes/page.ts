import type { History } from "../history.ts";
import { ensureViewerId, viewerId } from "../identity.ts";
import type { Call, Handler, Route } from "../router.ts";
import type { Services } from "../services.ts";
import { fillIn } from "../template.ts";
import { watchPage } from "../watch_page.ts";
import { forWelcome } from "../welcome.ts";
import { snapshotRoute } from "./snapshot.ts";
import { streamRoute } from "./stream.ts";

/**
 * `/`: the watch page, filled in for this viewer so that it works without JavaScript. With
 * `?action=stream` or `?action=snapshot` it is what mjpg-streamer's clients ask for. `/embed` is
 * another page filled in alike.
 */
export function pageRoute(services: Services, history: History, template: string): Route {
  const actions: Readonly<Record<string, Route>> = {
    stream: forWelcome(services, streamRoute(services)),
    snapshot: forWelcome(services, snapshotRoute(services)),
  };
  const page: Handler = (call) => {
    const headers = new Headers({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
    });
    ensureViewerId(call, headers);
    const values = watchPage(services, history, viewerId(call.request), call.url);
    return new Response(fillIn(template, values), { headers });
  };
  const routed = (method: "GET" | "HEAD") => (call: Call) => {
    const action = actions[call.url.searchParams.get("action") ?? ""];
    return (action?.[method] ?? page)(call);
  };
  return { GET: routed("GET"), HEAD: routed("HEAD") };
}
