import { FlvReader } from "../../media/flv.ts";
import { Mp3Splitter } from "../../media/mp3_splitter.ts";

/** A format that ffmpeg encodes sound in. */
export interface SoundFormat {
  /** What the log calls it. */
  readonly name: string;
  /** The arguments of ffmpeg that encode it and write it to the standard output. */
  readonly args: readonly string[];
  /** How long a frame plays. Samples at 48 kHz. */
  readonly frame: number;
  /** How much later the sound comes out of a decoder than it went into the encoder. Samples at 48 kHz. */
  readonly delay: number;
  /** Returns what cuts that output into frames: it takes chunks of any length. */
  readonly splitter: () => (chunk: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>[];
}

/** MP3 of which each frame stands alone, so that programs can begin with any of them. No header claims a length. */
export const MP3: SoundFormat = {
  name: "MP3",
  args: [
    ...["-c:a", "libmp3lame", "-b:a", "96k", "-reservoir", "0", "-write_xing", "0"],
    ...["-id3v2_version", "0", "-f", "mp3"],
  ],
  frame: 1_152,
  delay: 1_105,
  splitter: () => {
    const splitter = new Mp3Splitter();
    return (chunk) => splitter.push(chunk);
  },
};

/** AAC-LC, 48 kHz, stereo. FLV holds no packet back, and carries it without a header for each. */
export const AAC: SoundFormat = {
  name: "AAC",
  args: ["-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2", "-f", "flv"],
  frame: 1_024,
  delay: 1_024,
  splitter: () => {
    const reader = new FlvReader();
    return (chunk) =>
      reader.pushAll(chunk).flatMap((item) => item.kind === "sound sample" ? [item.data] : []);
  },
};
