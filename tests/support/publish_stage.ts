import { createHls } from "../../src/app/hls.ts";
import { createPublications } from "../../src/app/publishing.ts";
import { SYSTEM_CLOCK } from "../../src/clock.ts";
import type { StudioPublication } from "../../src/live_messages.ts";
import { h264Clip } from "./h264_clip.ts";
import { recordingLog } from "./recording_log.ts";
import { ReplayedTrack, tracksOf } from "./replayed_track.ts";
import { SilentAac } from "./silent_aac.ts";
import { stampedTrack } from "./stamped_track.ts";
import { until } from "./until.ts";

/** A program of 320x240 with silence, in real time, that can be published. */
export async function startPublishStage({ ffmpeg = "ffmpeg", isStamped = false } = {}) {
  const track = new ReplayedTrack(await h264Clip());
  const aac = new SilentAac();
  const log = recordingLog();
  const video = tracksOf(isStamped ? stampedTrack(track) : track);
  const clock = SYSTEM_CLOCK;
  const hls = createHls({ video, aac, clock });
  const publications = createPublications([], {
    ...{ video, aac, hls, client: null, ffmpeg, log, clock },
  });
  const playing = [track.play(), aac.play()];
  const timer = setInterval(() => publications.tick(), 250);
  const find = (id: string) => publications.list.find((each) => each.id === id)!;
  return {
    ...{ track, aac, publications, log },
    /** Waits until a target is as wanted. */
    async until(
      id: string,
      wanted: (publication: StudioPublication) => boolean,
      timeout = 15_000,
    ): Promise<StudioPublication> {
      return await until(`target ${id}`, () => find(id), wanted, { timeout });
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      for (const each of playing) each[Symbol.dispose]();
      await publications[Symbol.asyncDispose]();
    },
  };
}
