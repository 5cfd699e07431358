import type { PlayingPrograms, ProgramResponse } from "../audience/playing_programs.ts";
import type { ConnectionKeeper } from "../net/connections/connection_keeper.ts";
import { socketKey } from "../net/socket_key.ts";
import type { Call } from "./call.ts";
import { deviceOf } from "./device.ts";
import { viewerId } from "./identity.ts";
import type { Handlers, Policy } from "./route.ts";
import { seatRefusal } from "./seat_refusal.ts";
import { LIVE_HEADERS } from "./stream_headers.ts";

/** Who may have what programs play. */
export const PROGRAM_POLICY: Policy = {
  access: "viewer",
  shared: "data",
  refusesBanned: true,
  refusesKicked: "always",
};

/** What holds the connections of programs. */
export type ProgramConnections = Pick<
  ConnectionKeeper,
  "hold" | "drop" | "isShared" | "statisticsOf"
>;

/** The body of a response to a program. */
export interface ProgramStream extends ProgramResponse {
  /** What is sent. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Opens the body of a response. */
export type OpenProgramStream<Body extends ProgramStream> = (
  onEnd: (body: Body) => void,
) => Body;

/**
 * Returns handlers that send a program its stream until it goes.
 *
 * @param prepare Checks the request, and returns what opens the body.
 */
export function programHandlers<Body extends ProgramStream>(
  contentType: string,
  programs: PlayingPrograms,
  connections: ProgramConnections,
  prepare: (call: Call) => Promise<OpenProgramStream<Body>>,
): Handlers {
  const plays = contentType.startsWith("video/") ? "video" : "sound";
  const headers = { ...LIVE_HEADERS, "content-type": contentType };
  return {
    async GET(call) {
      const open = await prepare(call);
      const body = programs.admit({ plays, ...programOf(call, connections) }, open);
      if (typeof body === "string") throw seatRefusal(body);
      connections.hold(call.request, () => programs.has(body));
      return new Response(body.stream, { headers });
    },
    async HEAD(call) {
      await prepare(call);
      return new Response(null, { headers });
    },
  };
}

function programOf(call: Call, connections: ProgramConnections) {
  const { request, remote, capacityKey: client } = call;
  // What a shared connection holds may be for others.
  const isOwn = !connections.isShared(request);
  return {
    id: viewerId(call),
    client,
    device: deviceOf(request.headers.get("user-agent")),
    unsent: () => isOwn ? connections.statisticsOf(socketKey(remote))?.unsent ?? 0 : 0,
    onCut: () => connections.drop(request),
  };
}
