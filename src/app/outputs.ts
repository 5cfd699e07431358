import type { Hls } from "../consumers/hls/hls.ts";
import type { Publications } from "../consumers/publisher/publications.ts";
import type { Recordings } from "../consumers/recording/recordings.ts";
import type { AacTrack } from "../streams/aac.ts";
import { createAacTrack } from "./aac_track.ts";
import { createHls } from "./hls.ts";
import type { AssemblySettings } from "./parts.ts";
import { createPublications } from "./publishing.ts";
import { createRecordings, type RecordedParts } from "./recording.ts";

/** Where the program goes beside its viewers. */
export interface Outputs extends AsyncDisposable {
  /** Its sound as AAC, with silence where it has none. */
  readonly aac: AacTrack;
  /** What is recorded; `null` without a folder for it. */
  readonly recordings: Recordings | null;
  /** The program as HLS; idle until somebody fetches or uploads it. */
  readonly hls: Hls;
  /** Where it is published to. */
  readonly publications: Publications;
  /** Does what is due. Call it four times a second. */
  tick(): void;
}

/**
 * Builds recordings, HLS and publications, and begins those that the settings name.
 *
 * @throws {UserError} The program cannot be published to one of its targets.
 */
export function createOutputs(
  settings: Pick<AssemblySettings, "ffmpeg" | "recording" | "publish" | "outgoing">,
  parts: RecordedParts,
): Outputs {
  const { ffmpeg, publish = [], outgoing = null } = settings;
  const { video, sound, log, clock } = parts;
  const aac = createAacTrack({ sound, ffmpeg, log, clock });
  const recordings = settings.recording ? createRecordings(settings.recording, parts) : null;
  const hls = createHls({ video, aac, clock });
  const publications = createPublications(publish, {
    ...{ video, aac, hls, client: outgoing?.client ?? null, ffmpeg, log, clock },
  });
  return {
    ...{ aac, recordings, hls, publications },
    tick() {
      recordings?.tick();
      hls.tick();
      publications.tick();
    },
    async [Symbol.asyncDispose]() {
      await recordings?.[Symbol.asyncDispose]();
      const unpublished = publications[Symbol.asyncDispose]();
      // An upload that is under way would be waited for.
      outgoing?.[Symbol.dispose]();
      await unpublished;
      hls.stop();
      await aac[Symbol.asyncDispose]();
    },
  };
}
