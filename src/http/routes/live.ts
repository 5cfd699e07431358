import type { Secret } from "../../channel/secret.ts";
import type { ConnectionKeeper } from "../../net/connections/connection_keeper.ts";
import { senderOf, viewerId } from "../identity.ts";
import type { PagePeer } from "../page_socket/page_socket.ts";
import type { PageSockets } from "../page_socket/page_sockets.ts";
import { HttpProblem } from "../problem.ts";
import { WEB_SOCKET_REMEDY } from "../proxy_advice.ts";
import type { Call } from "../call.ts";
import type { Handlers } from "../route.ts";
import { streamerProtocol } from "../streamer.ts";

/** Silence after which the server pings a page. Seconds. */
const IDLE_SECONDS = 30;

/**
 * `/live`: the WebSocket between a page and the server; see live_messages.ts. Browsers hide why a
 * WebSocket was refused, so the page then sends a POST, which is refused for the same reason.
 */
export function liveRoute(
  pageSockets: PageSockets,
  connections: ConnectionKeeper,
  streamerToken: Secret,
): Handlers {
  return {
    GET(call) {
      const { request } = call;
      if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
        throw new HttpProblem(426, "Open this address as a WebSocket", { upgrade: "websocket" });
      }
      const protocol = streamerProtocol(call, streamerToken);
      // Deno 2.9 never opens, ends or frees a WebSocket whose client was gone before the handshake.
      if (connections.isClosedByPeer(request)) throw new HttpProblem(400, "The client is gone");
      const peer = seat(call, protocol !== null);
      const { socket, response } = upgrade(request, protocol);
      let messages = 0;
      socket.addEventListener("message", () => messages++);
      connections.hold(request, () => socket.readyState <= WebSocket.OPEN, () => messages);
      pageSockets.join(socket, peer);
      return response;
    },
    HEAD() {
      throw new HttpProblem(426, "Open this address as a WebSocket", { upgrade: "websocket" });
    },
    POST(call) {
      seat(call, false);
      throw new HttpProblem(426, WEB_SOCKET_REMEDY, { upgrade: "websocket" });
    },
  };

  function seat(call: Call, isStudio: boolean): PagePeer {
    const { capacityKey } = call;
    const peer = { cookie: viewerId(call), viewer: senderOf(call), capacityKey, isStudio };
    if (pageSockets.hasRoomFor(peer)) return peer;
    throw new HttpProblem(503, "Try again later: too many pages are open", { "retry-after": "10" });
  }
}

function upgrade(request: Request, protocol: string | null): Deno.WebSocketUpgrade {
  try {
    return Deno.upgradeWebSocket(request, {
      idleTimeout: IDLE_SECONDS,
      ...(protocol !== null && { protocol }),
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new HttpProblem(400, `Send the whole handshake of a WebSocket: ${error.message}`);
  }
}
