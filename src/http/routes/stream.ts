import { MULTIPART_CONTENT_TYPE } from "../../broadcast/multipart.ts";
import type { Full } from "../../viewers/registry.ts";
import type { Settings } from "../../viewers/settings.ts";
import { readChoices, readFps, readMaxBits } from "../choices.ts";
import { deviceOf } from "../device.ts";
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

/** Told with 503 both times: 429 is for who asks too fast (RFC 6585 section 4), and nobody did. */
const REASONS: Readonly<Record<Full, string>> = {
  "full": "Try again later: as many are watching as the server allows",
  "address full": "Try again later: as many are watching from your address as the server allows",
};

/** A page's own name for its stream is cut off there. Characters. */
const MAX_STREAM_NAME = 64;

/**
 * `/stream`: one viewer's stream, until they go. `quality`, `mode`, `filter` and `fps` in the query
 * hold for this connection alone, over what the viewer's cookie stands for; so does `max_kbps`. A
 * page that tells over `/live` what it paints names its stream by `live`.
 */
export function streamRoute({ registry, settings, connections }: Services): Route {
  return {
    GET({ request, url, remote, capacityKey, isForwarded }) {
      const query = url.searchParams;
      const own = readChoices(Object.fromEntries(query));
      const id = viewerId(request);
      const viewer = registry.admit({
        id,
        remote,
        client: capacityKey,
        isForwarded,
        isShared: connections.isShared(request),
        device: deviceOf(request.headers.get("user-agent")),
        settings: settingsOf(id, own),
        stream: query.get("live")?.slice(0, MAX_STREAM_NAME) || null,
        fps: readFps(query),
        bits: readMaxBits(query),
        onCut: () => connections.drop(request),
      });
      if (typeof viewer === "string") {
        throw new HttpProblem(503, REASONS[viewer], { "retry-after": "10" });
      }
      connections.hold(request, () => registry.has(viewer));
      return new Response(viewer.body, { headers: HEADERS });
    },
    HEAD: () => new Response(null, { headers: HEADERS }),
  };

  function settingsOf(id: string | null, own: Partial<Settings>): () => Settings {
    const stored = () => settings.get(id ?? "");
    return Object.keys(own).length === 0 ? stored : () => ({ ...stored(), ...own });
  }
}
