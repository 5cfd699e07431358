// @ts-types="../std_html.d.ts"
import { escape } from "@std/html/entities";
import { FILTERS } from "../../frame.ts";
import { CHOICES, MODES, type Settings } from "../../viewers/settings.ts";
import { ensureViewerId } from "../identity.ts";
import type { Call, Handler, Route } from "../router.ts";
import type { Services } from "../services.ts";
import { snapshotRoute } from "./snapshot.ts";
import { streamRoute } from "./stream.ts";

/**
 * `/`: the watch page, filled in for this viewer so that it works without JavaScript. With
 * `?action=stream` or `?action=snapshot` it is what mjpg-streamer's clients ask for.
 */
export function pageRoute(services: Services): Route {
  const actions: Readonly<Record<string, Route>> = {
    stream: streamRoute(services),
    snapshot: snapshotRoute(services),
  };
  const page: Handler = ({ request, url }) => {
    const headers = new Headers({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
    });
    const settings = services.settings.get(ensureViewerId(request, headers));
    const values = pageValues(services, settings, url.searchParams.has("donated"));
    return new Response(fillIn(services.page, values), { headers });
  };
  const routed = (method: "GET" | "HEAD") => (call: Call) => {
    const action = actions[call.url.searchParams.get("action") ?? ""];
    return (action?.[method] ?? page)(call);
  };
  return { GET: routed("GET"), HEAD: routed("HEAD") };
}

function pageValues(services: Services, settings: Settings, donated: boolean) {
  const { live, reason } = services.source();
  const values: Record<string, string> = {
    title: services.title,
    mode: settings.mode,
    quality: settings.quality,
    filter: settings.filter,
    live: String(live),
    reason: reason ?? "",
    viewers: String(services.registry.count),
    donateLabel: donated ? "Donate Success!!" : "Donate",
    "disabled.quality": settings.mode === "gaming" ? "disabled" : "",
  };
  const chosen: readonly string[] = Object.values(settings);
  for (const choice of [...MODES, ...CHOICES, ...FILTERS]) {
    values[`pressed.${choice}`] = String(chosen.includes(choice));
  }
  return values;
}

/** Replaces each `{{name}}` by its value, made safe for HTML; unknown names stay as they are. */
function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(
    /\{\{ ?([\w.]+) ?\}\}/g,
    (whole, name: string) => name in values ? escape(values[name]) : whole,
  );
}
