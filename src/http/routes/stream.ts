import { MULTIPART_CONTENT_TYPE } from "../../broadcast/multipart.ts";
import type { Settings } from "../../viewers/settings.ts";
import { readChoices, readFps } from "../choices.ts";
import { viewerId } from "../identity.ts";
import { HttpProblem } from "../problem.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

const HEADERS = {
  "content-type": MULTIPART_CONTENT_TYPE,
  "cache-control": "no-store",
  // Some proxies collect a response before they pass it on, unless they are told not to.
  "x-accel-buffering": "no",
};

/**
 * `/stream`: one viewer's stream, until they go. `quality`, `mode`, `filter` and `fps` in the query
 * hold for this connection alone, over what the viewer's cookie stands for.
 */
export function streamRoute({ registry, settings }: Services): Route {
  return {
    GET({ request, url }) {
      const own = readChoices(Object.fromEntries(url.searchParams));
      const fps = readFps(url.searchParams);
      const id = viewerId(request);
      const viewer = registry.admit({ id, settings: settingsOf(id, own), fps });
      if (!viewer) {
        throw new HttpProblem(503, "Try again later: as many are watching as the server allows", {
          "retry-after": "10",
        });
      }
      return new Response(viewer.body, { headers: HEADERS });
    },
    HEAD: () => new Response(null, { headers: HEADERS }),
  };

  function settingsOf(id: string | null, own: Partial<Settings>): () => Settings {
    const stored = () => settings.get(id ?? "");
    return Object.keys(own).length === 0 ? stored : () => ({ ...stored(), ...own });
  }
}
