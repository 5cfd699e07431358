import type { Admission } from "../../audience/audience.ts";
import { fittingScale } from "../../streams/fitting_scale.ts";
import type { SessionChoices } from "../../consumers/session/choices.ts";
import { SYSTEM_CLOCK } from "../../clock.ts";
import { deviceOf } from "../device.ts";
import type { Size } from "../../media/jpeg/size.ts";
import type { PlayheadStart } from "../../producers/replay/playhead.ts";
import { viewerId } from "../identity.ts";
import type { Handlers } from "../route.ts";
import type { Viewing } from "../route_parts.ts";
import { readReplayStart } from "../replay_query.ts";
import { seatRefusal } from "../seat_refusal.ts";
import { STREAM_HEADERS } from "../stream_headers.ts";
import { readStreamQuery } from "../stream_query.ts";

/** A page's own name for its session is cut off here. Characters. */
const MAX_STREAM_NAME = 64;

/**
 * `/stream`: one session, until the viewer goes. What the query says of quality, size, mode, filter and
 * rates holds for this session alone, and overrides the choices that belong to the viewer's cookie. A
 * page that reports over `/live` what it paints names its session by `live`, and
 * the one that it had before, whose seat it keeps, by `after`. With `at` or `delay` it shows the past.
 */
export function streamRoute(
  { audience, choices, connections, program, past }: Omit<Viewing, "snapshots">,
): Handlers {
  return {
    GET(call) {
      const { request, url, remote, capacityKey, isForwarded } = call;
      const { choices: own, size, fps, bits, video } = readStreamQuery(url.searchParams);
      const id = viewerId(call);
      const device = deviceOf(request.headers.get("user-agent"));
      const start = startOf(url.searchParams);
      const before = url.searchParams.get("after")?.slice(0, MAX_STREAM_NAME);
      // Its seat would still be taken.
      if (before) audience.pages.replace(id, before);
      const admission: Admission = {
        id,
        remote,
        client: capacityKey,
        isForwarded,
        isShared: connections.isShared(request),
        device,
        choices: choicesOf(id, own),
        page: url.searchParams.get("live")?.slice(0, MAX_STREAM_NAME) || null,
        fps,
        bits,
        onCut: () => connections.drop(request),
      };
      const scaleOf = size === null ? undefined : (own: Size | null) => fittingScale(own, size);
      const session = start && past
        ? past.replays.open({ ...admission, start, scaleOf })
        : audience.admit({ ...admission, video, scale: scaleOf && (() => scaleOf(program.size)) });
      if (typeof session === "string") throw seatRefusal(session);
      connections.hold(request, () => audience.has(session));
      return new Response(session.body, { headers: STREAM_HEADERS });
    },
    HEAD({ url }) {
      readStreamQuery(url.searchParams);
      startOf(url.searchParams);
      return new Response(null, { headers: STREAM_HEADERS });
    },
  };

  function startOf(query: URLSearchParams): PlayheadStart | null {
    return readReplayStart(query, past, SYSTEM_CLOCK.wall());
  }

  function choicesOf(id: string | null, own: Partial<SessionChoices>): () => SessionChoices {
    const stored = () => choices.get(id ?? "");
    return Object.keys(own).length === 0 ? stored : () => ({ ...stored(), ...own });
  }
}
