import { concat } from "../../media/jpeg/concat.ts";
import type { HlsPart, HlsSegment, HlsSegmentStart } from "./segment.ts";
import type { HlsTimeline } from "./timeline.ts";

/** Whole segments that a playlist lists. */
export const LISTED_SEGMENTS = 8;

/** Segments that can still be fetched when no playlist lists them any more: somebody may be fetching them. */
const LEFT_SEGMENTS = 8;

/** A segment while it grows. */
type Growing = { -readonly [Key in keyof HlsSegment]: HlsSegment[Key] } & { parts: HlsPart[] };

/** The newest segments of a rendition. Sequence numbers only go forward, and no segment that ended changes. */
export class HlsWindow {
  readonly #timeline: HlsTimeline;
  #segments: Growing[] = [];
  #nextSequence = 0;
  #discontinuities = 0;
  #initializations = 0;
  /** Whether something was forgotten that the next segment does not follow. */
  #isCut = false;

  /** Has no segment yet. The timeline is shared by all renditions. */
  constructor(timeline: HlsTimeline) {
    this.#timeline = timeline;
  }

  /** The segments that a playlist lists, oldest first; the last one may not have ended. */
  get listed(): readonly HlsSegment[] {
    const isOpen = this.#segments.at(-1)?.data === null;
    return this.#segments.slice(-(LISTED_SEGMENTS + (isOpen ? 1 : 0)));
  }

  /** The segments that can be fetched, oldest first. */
  get fetchable(): readonly HlsSegment[] {
    return this.#segments;
  }

  /** The number of whole segments that can be fetched. */
  get count(): number {
    return this.#segments.filter(({ data }) => data !== null).length;
  }

  /** Where the next part will be: in a segment that has begun, or in the next one. */
  get next(): { readonly sequence: number; readonly part: number } {
    const last = this.#segments.at(-1);
    return last?.data === null
      ? { sequence: last.sequence, part: last.parts.length }
      : { sequence: this.#nextSequence, part: 0 };
  }

  /** Returns a segment that can be fetched. */
  find(sequence: number): HlsSegment | undefined {
    return this.#segments.find((segment) => segment.sequence === sequence);
  }

  /** Returns an initialization that can be fetched. */
  findInitialization(number: number): Uint8Array<ArrayBuffer> | undefined {
    return this.#segments.find(({ initializationNumber }) => initializationNumber === number)
      ?.initialization.data;
  }

  /** Begins a segment. The one before must have ended. */
  begin(start: HlsSegmentStart): void {
    const before = this.#segments.at(-1);
    const isFirst = this.#nextSequence === 0;
    const isInterrupted = !isFirst && (start.isDiscontinuous || this.#isCut);
    this.#isCut = false;
    const discontinuities = isInterrupted
      ? this.#timeline.interrupt(this.#discontinuities)
      : this.#timeline.discontinuities;
    const newDiscontinuities = isFirst ? 0 : discontinuities - this.#discontinuities;
    this.#discontinuities = discontinuities;
    if (before?.initialization !== start.initialization) this.#initializations++;
    this.#segments.push({
      ...start,
      isDiscontinuous: newDiscontinuities > 0,
      sequence: this.#nextSequence++,
      discontinuities,
      newDiscontinuities,
      initializationNumber: this.#initializations,
      parts: [],
      data: null,
    });
  }

  /** Adds a part to the segment that was begun last. */
  add(part: HlsPart): void {
    this.#segments.at(-1)?.parts.push(part);
  }

  /** Ends the segment that was begun last. */
  end(): void {
    const segment = this.#segments.at(-1);
    if (!segment || segment.data !== null) return;
    segment.data = concat(...segment.parts.map(({ data }) => data));
    let at = 0;
    // The bytes are there once.
    segment.parts = segment.parts.map((part) => ({
      ...part,
      data: segment.data!.subarray(at, at += part.data.length),
    }));
    this.#segments = this.#segments.slice(-(LISTED_SEGMENTS + LEFT_SEGMENTS));
  }

  /** Forgets all segments; those that come then do not follow them. */
  clear(): void {
    this.#isCut ||= this.#segments.length > 0;
    this.#segments = [];
  }
}
