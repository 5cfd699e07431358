import type { Clock } from "../clock.ts";
import type { Hls } from "../consumers/hls/hls.ts";
import { HlsUpload } from "../consumers/hls/upload.ts";
import { H264Feed } from "../consumers/passages/h264_feed.ts";
import type { Publication } from "../consumers/publisher/publication.ts";
import { Publications } from "../consumers/publisher/publications.ts";
import { Publisher } from "../consumers/publisher/publisher.ts";
import { PublishRun } from "../consumers/publisher/run.ts";
import { parseTarget, type PublishTarget, TARGETS } from "../consumers/publisher/target.ts";
import { UserError } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import type { Requester } from "../outgoing/http_client.ts";
import type { AacTrack } from "../streams/aac.ts";
import type { VideoTracks } from "../streams/video.ts";
import { openFolder, openServer } from "./uploads.ts";

/** What publications are made of. */
export interface PublishedParts {
  /** The program as H.264. */
  readonly video: VideoTracks;
  /** Its sound. */
  readonly aac: AacTrack;
  /** The path or name of ffmpeg. */
  readonly ffmpeg: string;
  /** The program as HLS. */
  readonly hls: Hls;
  /** What sends files to other servers; `null` without. */
  readonly client: Requester | null;
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

/** Why HLS cannot be uploaded to a target that is added while the program runs. */
const TOO_LATE = {
  folder: "The program may open a folder only when it starts: start it with --publish and this one",
  upload:
    "The program may upload files only if it was started so: start it with --publish and this address",
};

/**
 * Builds the list of targets that the program is published to, and begins with these. HLS is uploaded to these alone: the
 * permissions that it takes are given up then.
 *
 * @throws {UserError} One of them cannot be published to.
 */
export function createPublications(
  addresses: readonly string[],
  parts: PublishedParts,
): Publications {
  let isStarting = true;
  const publications = new Publications((address) => {
    const target = parseTarget(address);
    if (!target) throw new UserError(`Give ${TARGETS}`);
    if (!isStarting && target.kind !== "ffmpeg") throw new UserError(TOO_LATE[target.kind]);
    return openPublication(target, parts);
  });
  for (const address of addresses) publications.add(address);
  isStarting = false;
  return publications;
}

/** Makes what publishes to a target, by its kind. */
function openPublication(
  target: PublishTarget,
  parts: PublishedParts,
): Publication {
  const { video, aac, ffmpeg, hls, client, log, clock } = parts;
  if (target.kind !== "ffmpeg") {
    const store = target.kind === "folder" ? openFolder(target.path) : openServer(target, client);
    return new HlsUpload({ hls, store, log, clock });
  }
  return new Publisher({
    ...{ name: target.name, sound: aac, log, clock },
    feed: (listener) => new H264Feed({ tracks: video, listener, clock }),
    run: (record) => new PublishRun({ program: ffmpeg, target, record, log, clock }),
  });
}
