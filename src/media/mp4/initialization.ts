import { concat } from "../jpeg/concat.ts";
import { OPUS_RATE } from "../opus.ts";
import type { VideoConfiguration } from "../packet.ts";
import { ascii, box, fullBox, u32 } from "./box.ts";
import { avc1, opus, type SampleEntry, VIDEO_TIMESCALE } from "./sample_entry.ts";
import { movieHeader, trackBox } from "./track_box.ts";

/** The track of a file or fragment. */
export type Mp4Track = "video" | "sound";

/** Numbers of the tracks. */
export const TRACK_ID: Readonly<Record<Mp4Track, number>> = { video: 1, sound: 2 };

/** Units a second in which times and durations of a track are given. */
export const TIMESCALE: Readonly<Record<Mp4Track, number>> = {
  video: VIDEO_TIMESCALE,
  sound: OPUS_RATE,
};

/** The tables of samples, of which there is none outside of fragments. */
const NO_SAMPLES = [
  fullBox("stts", {}, u32(0)),
  fullBox("stsc", {}, u32(0)),
  fullBox("stsz", {}, u32(0, 0)),
  fullBox("stco", {}, u32(0)),
];

/** Whether a fragmented MP4 has sound, and how that is encoded. */
export interface InitializationOptions {
  /** Whether there is sound. */
  readonly hasSound: boolean;
  /** How the sound is encoded, at 48 kHz. Default: as Opus. */
  readonly sound?: SampleEntry;
}

/**
 * Encodes what a fragmented MP4 begins with, and MediaSource takes first: `ftyp` and `moov` (ISO/IEC
 * 14496-12), with a track of H.264 (`avc1`, ISO/IEC 14496-15) and, if wanted, one of sound.
 */
export function encodeInitialization(
  video: VideoConfiguration,
  { hasSound, sound = opus() }: InitializationOptions,
): Uint8Array<ArrayBuffer> {
  const entries = hasSound ? [avc1(video), sound] : [avc1(video)];
  const extensions = entries.map(({ kind }) =>
    fullBox("trex", {}, u32(TRACK_ID[kind], 1, 0, 0, 0))
  );
  const tracks = entries.map((entry) =>
    trackBox({
      ...{ id: TRACK_ID[entry.kind], entry, duration: 0, mediaDuration: 0 },
      ...{ edits: [], tables: NO_SAMPLES },
    })
  );
  return concat(
    box("ftyp", ascii("iso5"), u32(512), ascii("iso5iso6mp41")),
    box("moov", movieHeader(0, entries.length + 1), ...tracks, box("mvex", ...extensions)),
  );
}
