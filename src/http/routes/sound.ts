import { openOggBody } from "../../consumers/sound/ogg_body.ts";
import type { ProgramBody } from "../../consumers/sound/program_body.ts";
import type { ConnectionKeeper } from "../../net/connections/connection_keeper.ts";
import { socketKey } from "../../net/socket_key.ts";
import type { Call } from "../call.ts";
import { deviceOf } from "../device.ts";
import { viewerId } from "../identity.ts";
import { HttpProblem } from "../problem.ts";
import type { Handlers, Policy, Route } from "../route.ts";
import type { ProgramListening } from "../route_parts.ts";
import { seatRefusal } from "../seat_refusal.ts";
import { LIVE_HEADERS } from "../stream_headers.ts";

const POLICY: Policy = {
  access: "viewer",
  shared: "data",
  refusesBanned: true,
  refusesKicked: "always",
};

/** `/sound.ogg` and `/sound.mp3`: the sound for programs, until they go. */
export function soundRoutes(
  { state, programs, sound, mp3 }: ProgramListening,
  connections: Pick<ConnectionKeeper, "hold" | "drop" | "isShared" | "statisticsOf">,
): Readonly<Record<string, Route>> {
  const needMp3 = async () => {
    if (!await mp3.isAvailable()) {
      throw new HttpProblem(501, "This server's ffmpeg cannot encode MP3: play /sound.ogg");
    }
  };
  return {
    "/sound.ogg": {
      ...POLICY,
      ...handlers("audio/ogg; codecs=opus", (onEnd) => openOggBody(sound, onEnd)),
    },
    "/sound.mp3": {
      ...POLICY,
      ...handlers("audio/mpeg", (onEnd) => mp3.open(onEnd), needMp3),
    },
  };

  function handlers(
    contentType: string,
    open: (onEnd: (body: ProgramBody) => void) => ProgramBody,
    prepare: () => Promise<void> = () => Promise.resolve(),
  ): Handlers {
    const headers = { ...LIVE_HEADERS, "content-type": contentType };
    const check = async () => {
      if (state() === "off") {
        throw new HttpProblem(
          404,
          "This stream has no sound: the streamer has chosen no source for it",
        );
      }
      await prepare();
    };
    return {
      async GET(call) {
        await check();
        const body = programs.admit(listenerOf(call), open);
        if (typeof body === "string") throw seatRefusal(body);
        connections.hold(call.request, () => programs.has(body));
        return new Response(body.stream, { headers });
      },
      async HEAD() {
        await check();
        return new Response(null, { headers });
      },
    };
  }

  function listenerOf(call: Call) {
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
}
