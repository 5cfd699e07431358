import { openOggBody } from "../../consumers/sound/ogg_body.ts";
import { HttpProblem } from "../problem.ts";
import {
  type OpenProgramStream,
  PROGRAM_POLICY,
  type ProgramConnections,
  programHandlers,
  type ProgramStream,
} from "../program_responses.ts";
import type { Call } from "../call.ts";
import type { Route } from "../route.ts";
import type { ProgramPlayback } from "../route_parts.ts";

/**
 * `/sound.ogg` and `/sound.mp3`: the sound for programs, until they go. With `times=1`, positions in Ogg count the samples
 * since 1970, by which a relay plays it in step with the picture.
 */
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
    "/sound.ogg": route("audio/ogg; codecs=opus", ({ url }) => (onEnd) => {
      return openOggBody(sound, onEnd, url.searchParams.get("times") === "1");
    }),
    "/sound.mp3": route("audio/mpeg", () => (onEnd) => mp3.open(onEnd), needMp3),
  };

  function route<Body extends ProgramStream>(
    contentType: string,
    open: (call: Call) => OpenProgramStream<Body>,
    prepare: () => Promise<void> = () => Promise.resolve(),
  ): Route {
    const check = async (call: Call) => {
      if (state() === "off") {
        throw new HttpProblem(
          404,
          "This stream has no sound: the streamer has chosen no source for it",
        );
      }
      await prepare();
      return open(call);
    };
    return { ...PROGRAM_POLICY, ...programHandlers(contentType, programs, connections, check) };
  }
}
