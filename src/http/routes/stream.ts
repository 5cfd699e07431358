import { fittingScale } from "../../streams/fitting_scale.ts";
import type { Full } from "../../audience/registry.ts";
import type { StreamSettings } from "../../consumers/session/settings.ts";
import { deviceOf } from "../device.ts";
import { viewerId } from "../identity.ts";
import { HttpProblem } from "../problem.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";
import { STREAM_HEADERS } from "../stream_headers.ts";
import { readStreamQuery } from "../stream_query.ts";

/** Told with 503 both times: 429 is for who asks too fast (RFC 6585 section 4), and nobody did. */
const REASONS: Readonly<Record<Full, string>> = {
  "full": "Try again later: as many are watching as the server allows",
  "address full": "Try again later: as many are watching from your address as the server allows",
};

/** A page's own name for its stream is cut off there. Characters. */
const MAX_STREAM_NAME = 64;

/**
 * `/stream`: one viewer's stream, until they go. What the query says of quality, size, mode, filter
 * and rates holds for this connection alone, and overrides the settings that belong to the viewer's
 * cookie. A page that reports over `/live` what it paints names its stream by `live`.
 */
export function streamRoute({ registry, settings, connections, hub }: Services): Route {
  return {
    GET(call) {
      const { request, url, remote, capacityKey, isForwarded } = call;
      const { settings: own, size, fps, bits } = readStreamQuery(url.searchParams);
      const id = viewerId(call);
      const viewer = registry.admit({
        id,
        remote,
        client: capacityKey,
        isForwarded,
        isShared: connections.isShared(request),
        device: deviceOf(request.headers.get("user-agent")),
        settings: settingsOf(id, own),
        scale: size === null ? undefined : () => fittingScale(hub.size, size),
        stream: url.searchParams.get("live")?.slice(0, MAX_STREAM_NAME) || null,
        fps,
        bits,
        onCut: () => connections.drop(request),
      });
      if (typeof viewer === "string") {
        throw new HttpProblem(503, REASONS[viewer], { "retry-after": "10" });
      }
      connections.hold(request, () => registry.has(viewer));
      return new Response(viewer.body, { headers: STREAM_HEADERS });
    },
    HEAD({ url }) {
      readStreamQuery(url.searchParams);
      return new Response(null, { headers: STREAM_HEADERS });
    },
  };

  function settingsOf(id: string | null, own: Partial<StreamSettings>): () => StreamSettings {
    const stored = () => settings.get(id ?? "");
    return Object.keys(own).length === 0 ? stored : () => ({ ...stored(), ...own });
  }
}
