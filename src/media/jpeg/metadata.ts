import { MARKER } from "./marker.ts";

/** An APPn segment of a JPEG, without its marker and length. */
export interface AppSegment {
  readonly marker: number;
  readonly payload: Uint8Array;
}

/** What a colour profile may take in each frame, its segments' markers and lengths included. Bytes. */
export const MAX_PROFILE_BYTES = 64 << 10;

/** What those segments' payloads begin with of which only the first counts. */
const SINGLE = [
  { marker: MARKER.APP0, name: "JFIF\0", least: 5 },
  { marker: MARKER.APP1, name: "Exif\0\0", least: 14 },
  { marker: MARKER.APP14, name: "Adobe", least: 12 },
] as const;

/**
 * Collects the APPn segments of a frame that change how it looks: pixel aspect (JFIF), orientation
 * (Exif), kind of colours (Adobe) and colour profile (ICC). A frame can consist of millions of others.
 *
 * A profile goes out with every rendition of every frame, so one that takes more than
 * {@linkcode MAX_PROFILE_BYTES} is left out whole: without one of its parts it is worth nothing.
 */
export class Metadata {
  readonly #segments: AppSegment[] = [];
  /** Those of {@linkcode SINGLE} that the frame has had. */
  readonly #kinds = new Set<typeof SINGLE[number]>();
  #profileBytes = 0;

  /** In the order of the frame. */
  get segments(): readonly AppSegment[] {
    if (this.#profileBytes <= MAX_PROFILE_BYTES) return this.#segments;
    return this.#segments.filter((segment) => !isProfile(segment));
  }

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

/** Whether it is a part of an ICC profile (ICC.1 annex B.4). */
export function isProfile({ marker, payload }: AppSegment): boolean {
  return marker === MARKER.APP2 && begins(payload, "ICC_PROFILE\0");
}

/** Whether the payload of a segment starts with `name`, as those of APPn do. */
export function begins(payload: Uint8Array, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (payload[i] !== name.charCodeAt(i)) return false;
  return true;
}

function isKind({ marker, payload }: AppSegment, kind: typeof SINGLE[number]): boolean {
  return marker === kind.marker && payload.length >= kind.least && begins(payload, kind.name);
}
