import { explain } from "../../channel/explanation.ts";
import type { ConnectionKeeper } from "../../net/connections/connection_keeper.ts";
import { deviceOf } from "../device.ts";
import type { EventStreams } from "../event_streams.ts";
import { viewerId } from "../identity.ts";
import { HttpProblem } from "../problem.ts";
import type { Handlers } from "../route.ts";
import { LIVE_HEADERS } from "../stream_headers.ts";

const HEADERS = { ...LIVE_HEADERS, "content-type": "text/event-stream" };

/** `/events`: what happens on the channel, as server-sent events, until the client goes. */
export function eventsRoute(
  streams: EventStreams,
  connections: Pick<ConnectionKeeper, "hold">,
): Handlers {
  return {
    GET(call) {
      const { request, capacityKey: client } = call;
      const device = deviceOf(request.headers.get("user-agent"));
      const after = request.headers.get("last-event-id");
      const body = streams.open({ id: viewerId(call), client, device }, after);
      if (!body) throw new HttpProblem(503, explain("too-many-pages"), { "retry-after": "10" });
      connections.hold(request, () => streams.has(body));
      return new Response(body.stream, { headers: HEADERS });
    },
    HEAD: () => new Response(null, { headers: HEADERS }),
  };
}
