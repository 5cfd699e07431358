import { MARKER } from "./marker.ts";

/** An APPn segment of a JPEG, without its marker and length. */
export interface AppSegment {
  /** APP0 to APP15. */
  readonly marker: number;
  /** What follows the length. */
  readonly payload: Uint8Array;
}

/** The most that a colour profile may take in a frame, including its markers and lengths. Bytes. */
export const MAX_PROFILE_BYTES = 64 << 10;

/** Segments of which only the first counts: what their payload starts with, and its least length. */
const SINGLE = [
  { marker: MARKER.APP0, name: "JFIF\0", least: 5 },
  { marker: MARKER.APP1, name: "Exif\0\0", least: 14 },
  { marker: MARKER.APP14, name: "Adobe", least: 12 },
] as const;

/**
 * Collects the APPn segments of a frame that change how it looks: pixel aspect (JFIF), orientation
 * (Exif), colour transform (Adobe) and colour profile (ICC). It drops the others, of which a frame can
 * have millions.
 *
 * Every rendition of every frame carries the profile, so a profile over {@linkcode MAX_PROFILE_BYTES}
 * is dropped whole: a part of one is useless.
 */
export class Metadata {
  readonly #segments: AppSegment[] = [];
  /** The kinds of {@linkcode SINGLE} collected so far. */
  readonly #kinds = new Set<typeof SINGLE[number]>();
  #profileBytes = 0;

  /** Returns the collected segments, in the order of the frame. */
  get segments(): readonly AppSegment[] {
    if (this.#profileBytes <= MAX_PROFILE_BYTES) return this.#segments;
    return this.#segments.filter((segment) => !isProfile(segment));
  }

  /** Takes the next segment of the frame. */
  add(segment: AppSegment): void {
    if (isProfile(segment)) {
      this.#profileBytes += 4 + segment.payload.length;
      if (this.#profileBytes <= MAX_PROFILE_BYTES) this.#segments.push(segment);
      return;
    }
    const kind = SINGLE.find((kind) => isKind(segment, kind));
    if (!kind || this.#kinds.has(kind)) return;
    this.#kinds.add(kind);
    this.#segments.push(segment);
  }
}

/** Returns whether a segment is part of an ICC profile (ICC.1 annex B.4). */
export function isProfile({ marker, payload }: AppSegment): boolean {
  return marker === MARKER.APP2 && begins(payload, "ICC_PROFILE\0");
}

/** Returns whether the payload of an APPn segment starts with `name`. */
export function begins(payload: Uint8Array, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (payload[i] !== name.charCodeAt(i)) return false;
  return true;
}

function isKind({ marker, payload }: AppSegment, kind: typeof SINGLE[number]): boolean {
  return marker === kind.marker && payload.length >= kind.least && begins(payload, kind.name);
}
