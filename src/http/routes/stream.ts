import { fittingScale } from "../../streams/fitting_scale.ts";
import type { SessionChoices } from "../../consumers/session/choices.ts";
import { deviceOf } from "../device.ts";
import { viewerId } from "../identity.ts";
import type { Handlers } from "../route.ts";
import type { Viewing } from "../route_parts.ts";
import { seatRefusal } from "../seat_refusal.ts";
import { STREAM_HEADERS } from "../stream_headers.ts";
import { readStreamQuery } from "../stream_query.ts";

/** A page's own name for its session is cut off here. Characters. */
const MAX_STREAM_NAME = 64;

/**
 * `/stream`: one session, until the viewer goes. What the query says of quality, size, mode, filter and
 * rates holds for this session alone, and overrides the choices that belong to the viewer's cookie. A
 * page that reports over `/live` what it paints names its session by `live`.
 */
export function streamRoute(
  { audience, choices, connections, program }: Omit<Viewing, "snapshots">,
): Handlers {
  return {
    GET(call) {
      const { request, url, remote, capacityKey, isForwarded } = call;
      const { choices: own, size, fps, bits, video } = readStreamQuery(url.searchParams);
      const id = viewerId(call);
      const device = deviceOf(request.headers.get("user-agent"));
      const session = audience.admit({
        id,
        remote,
        client: capacityKey,
        isForwarded,
        isShared: connections.isShared(request),
        device,
        choices: choicesOf(id, own),
        scale: size === null ? undefined : () => fittingScale(program.size, size),
        page: url.searchParams.get("live")?.slice(0, MAX_STREAM_NAME) || null,
        fps,
        bits,
        video,
        onCut: () => connections.drop(request),
      });
      if (typeof session === "string") throw seatRefusal(session);
      connections.hold(request, () => audience.has(session));
      return new Response(session.body, { headers: STREAM_HEADERS });
    },
    HEAD({ url }) {
      readStreamQuery(url.searchParams);
      return new Response(null, { headers: STREAM_HEADERS });
    },
  };

  function choicesOf(id: string | null, own: Partial<SessionChoices>): () => SessionChoices {
    const stored = () => choices.get(id ?? "");
    return Object.keys(own).length === 0 ? stored : () => ({ ...stored(), ...own });
  }
}
