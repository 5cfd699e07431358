/** A part of a segment (RFC 8216bis section 3.2): one or more whole fragments of MP4. */
export interface HlsPart {
  /** Milliseconds. */
  readonly duration: number;
  /** Whether it begins with a key picture. */
  readonly isIndependent: boolean;
  /** Its fragments. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What a segment needs before it (`EXT-X-MAP`). Segments with the same one can follow each other. */
export interface HlsInitialization {
  /** `ftyp` and `moov`. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** As RFC 6381 names what is inside: `avc1.42c01f,mp4a.40.2`. */
  readonly codecs: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

/** Where a segment begins. */
export interface HlsSegmentStart {
  /** Wall time when its first picture was captured. */
  readonly at: number;
  /** What it needs before it. */
  readonly initialization: HlsInitialization;
  /** Whether its pictures and times do not follow those of the segment before. */
  readonly isDiscontinuous: boolean;
}

/** About a second of a rendition; it grows part by part. */
export interface HlsSegment extends HlsSegmentStart {
  /** Its media sequence number: counts up by 1. */
  readonly sequence: number;
  /** How many discontinuities there were up to its beginning, of all renditions. */
  readonly discontinuities: number;
  /** How many of them are at its beginning: several if other renditions went on while this one had nothing. */
  readonly newDiscontinuities: number;
  /** The number of its initialization: counts up from 0. */
  readonly initializationNumber: number;
  /** Its parts so far. */
  readonly parts: readonly HlsPart[];
  /** All its parts in one; `null` until the last one is there. */
  readonly data: Uint8Array<ArrayBuffer> | null;
}

/** Returns how long a segment is so far. Milliseconds. */
export function durationOf({ parts }: Pick<HlsSegment, "parts">): number {
  return parts.reduce((sum, { duration }) => sum + duration, 0);
}
