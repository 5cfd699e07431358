/** A frame of a file, as it came from the ffmpeg that plays the file. */
export interface PlayedFrame {
  /** Its place among the frames of this ffmpeg, from 0. */
  readonly index: number;
  /** When it came. Monotonic clock, milliseconds. */
  readonly at: number;
}

/** How one ffmpeg plays a file in a loop: from this follows which moment of the file is shown when. */
export interface Playback {
  /** The file. */
  readonly path: string;
  /** The frames of its first 1.5 s. */
  readonly beginning: readonly PlayedFrame[];
}
