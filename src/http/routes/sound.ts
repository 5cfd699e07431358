import { openOggBody } from "../../consumers/sound/ogg_body.ts";
import type { ProgramBody } from "../../consumers/program_body.ts";
import { HttpProblem } from "../problem.ts";
import {
  type OpenProgramStream,
  PROGRAM_POLICY,
  type ProgramConnections,
  programHandlers,
} from "../program_responses.ts";
import type { Route } from "../route.ts";
import type { ProgramPlayback } from "../route_parts.ts";

/** `/sound.ogg` and `/sound.mp3`: the sound for programs, until they go. */
export function soundRoutes(
  { state, programs, sound, mp3 }: ProgramPlayback,
  connections: ProgramConnections,
): Readonly<Record<string, Route>> {
  const needMp3 = async () => {
    if (!await mp3.isAvailable()) {
      throw new HttpProblem(501, "This server's ffmpeg cannot encode MP3: play /sound.ogg");
    }
  };
  return {
    "/sound.ogg": route("audio/ogg; codecs=opus", (onEnd) => openOggBody(sound, onEnd)),
    "/sound.mp3": route("audio/mpeg", (onEnd) => mp3.open(onEnd), needMp3),
  };

  function route(
    contentType: string,
    open: OpenProgramStream<ProgramBody>,
    prepare: () => Promise<void> = () => Promise.resolve(),
  ): Route {
    const check = async () => {
      if (state() === "off") {
        throw new HttpProblem(
          404,
          "This stream has no sound: the streamer has chosen no source for it",
        );
      }
      await prepare();
      return open;
    };
    return { ...PROGRAM_POLICY, ...programHandlers(contentType, programs, connections, check) };
  }
}
