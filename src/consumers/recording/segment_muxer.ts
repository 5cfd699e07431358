import type { Passage, PictureFormat } from "../passages/passage.ts";

/** The kinds of files that are made. */
export type SegmentKind = "mp4" | "mkv";

/** What a file begins with. */
export interface SegmentStart {
  /** How its pictures are encoded. */
  readonly format: PictureFormat;
  /** Whether it has sound. */
  readonly hasSound: boolean;
}

/** Writes one file, which plays from its beginning up to any of these pieces. */
export interface SegmentMuxer {
  /** What the file begins with. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** How much there is so far. Milliseconds. */
  readonly duration: number;
  /** Returns the bytes of the next passage. */
  write(passage: Passage): Uint8Array<ArrayBuffer>;
}
