import type { ProgramBody } from "../../consumers/program_body.ts";
import { Mp4Muxer, type ProgramUnit, TsMuxer } from "../../consumers/video/program_muxer.ts";
import { openVideoBody, type ProgramAudio } from "../../consumers/video/video_body.ts";
import type { VideoTrack, VideoTracks } from "../../streams/video.ts";
import { HttpProblem } from "../problem.ts";
import {
  type OpenProgramStream,
  PROGRAM_POLICY,
  type ProgramConnections,
  programHandlers,
} from "../program_responses.ts";
import { readWord } from "../query.ts";
import type { Route } from "../route.ts";
import type { ProgramPlayback } from "../route_parts.ts";

/** What `quality` may be, in the order of the tracks. */
const QUALITIES = ["high", "medium", "low"] as const;

/** Lengths of the packets of sound. Milliseconds. */
const OPUS_MS = 20;
const MP3_MS = 24;

/** `/stream.mp4` and `/stream.ts`: H.264 with sound for programs, until they go. */
export function videoRoutes(
  tracks: VideoTracks,
  { state, programs, unbroken, unbrokenMp3 }: ProgramPlayback,
  connections: ProgramConnections,
): Readonly<Record<string, Route>> {
  const mp4Sound = () => Promise.resolve({ feed: unbroken, duration: OPUS_MS });
  // Without the encoder there are pictures all the same.
  const tsSound = async () =>
    await unbrokenMp3.isAvailable() ? { feed: unbrokenMp3, duration: MP3_MS } : null;
  return {
    "/stream.mp4": route("video/mp4", Mp4Muxer, mp4Sound),
    "/stream.ts": route("video/mp2t", TsMuxer, tsSound),
  };

  function route(
    contentType: string,
    Muxer: typeof Mp4Muxer | typeof TsMuxer,
    soundOf: () => Promise<ProgramAudio | null>,
  ): Route {
    const prepare = async (
      { url }: { readonly url: URL },
    ): Promise<OpenProgramStream<ProgramBody<ProgramUnit>>> => {
      const track = trackOf(tracks, url.searchParams);
      const sound = state() === "off" ? null : await soundOf();
      return (onEnd) => {
        const muxer = new Muxer({ hasSound: sound !== null });
        return openVideoBody({ track, sound, muxer, onEnd });
      };
    };
    return { ...PROGRAM_POLICY, ...programHandlers(contentType, programs, connections, prepare) };
  }
}

/**
 * Returns the track that a query asks for, or the next best one that there is.
 *
 * @throws {HttpProblem} There is none, or the query is wrong.
 */
function trackOf(tracks: VideoTracks, query: URLSearchParams): VideoTrack {
  const quality = readWord(query, "quality", QUALITIES) ?? QUALITIES[0];
  const { available } = tracks;
  const track = available[Math.min(QUALITIES.indexOf(quality), available.length - 1)];
  if (track) return track;
  if (!tracks.isOffered) {
    throw new HttpProblem(501, "This server sends no H.264: play /stream, which is JPEG");
  }
  throw new HttpProblem(
    503,
    "H.264 is not available at the moment: its encoder is starting, or has failed. " +
      "/stream, which is JPEG, goes on",
    { "retry-after": "10" },
  );
}
