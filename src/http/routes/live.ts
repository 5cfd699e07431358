import { z } from "zod";
import { explain } from "../../channel/explanation.ts";
import type { Secret } from "../../channel/secret.ts";
import type { ConnectionKeeper } from "../../net/connections/connection_keeper.ts";
import { deviceOf } from "../device.ts";
import { senderOf, viewerId } from "../identity.ts";
import { readInput } from "../input.ts";
import type { PagePeer } from "../page_socket/page_socket.ts";
import type { PageSockets } from "../page_socket/page_sockets.ts";
import { HttpProblem } from "../problem.ts";
import { readFields } from "../request_body.ts";
import type { Call } from "../call.ts";
import type { Handlers } from "../route.ts";
import { hasStreamerToken, streamerProtocol } from "../streamer.ts";

/** Silence after which the server pings a page. Seconds. */
const IDLE_SECONDS = 30;

/** The most messages in one poll; pages send up to 3. More would block the server for too long at once. */
const MAX_POLLED = 4;

const poll = z.object({
  key: z.string().min(1).max(64),
  messages: z.array(z.unknown()).max(MAX_POLLED).default([]),
});

/**
 * `/live`: the WebSocket between a page and the server; see live_messages.ts. A page that cannot open
 * one exchanges the same messages by POST, every few seconds.
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
      const peer = peerOf(call, protocol !== null);
      if (!pageSockets.hasRoomFor(peer)) throw tooManyPages();
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
    async POST(call) {
      const peer = peerOf(call, hasStreamerToken(call, streamerToken));
      const { key, messages } = readInput(poll, await readFields(call.request));
      const polled = pageSockets.exchange(key, peer, messages.map((one) => JSON.stringify(one)));
      if (!polled) throw tooManyPages();
      // The messages are JSON already.
      const json = `{"messages":[${polled.messages.join(",")}],"isOpen":${polled.isOpen}}`;
      return new Response(json, {
        headers: { "content-type": "application/json", "cache-control": "no-store" },
      });
    },
  };
}

function peerOf(call: Call, isStudio: boolean): PagePeer {
  const { request, capacityKey } = call;
  return {
    cookie: viewerId(call),
    viewer: senderOf(call),
    capacityKey,
    device: deviceOf(request.headers.get("user-agent")),
    isStudio,
  };
}

function tooManyPages(): HttpProblem {
  return new HttpProblem(503, explain("too-many-pages"), { "retry-after": "10" });
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
