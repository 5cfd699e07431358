import { durationOf, type HlsInitialization, type HlsSegment } from "./segment.ts";

/** No segment is longer, rounded to seconds (`EXT-X-TARGETDURATION`). */
export const TARGET_SECONDS = 1;

/**
 * No part that is listed is longer (`PART-TARGET`). All but the last of a segment must be at least 85 % as long
 * (RFC 8216bis): at 15 and 12 pictures a second they are 333 ms. Milliseconds.
 */
export const PART_TARGET_MS = 390;

/** How far from the end players are to stay: three parts, as RFC 8216bis section 4.4.3.8 advises. Milliseconds. */
const PART_HOLD_BACK_MS = 3 * PART_TARGET_MS;

/** So many segments at the end list their parts: three target durations (RFC 8216bis section 6.2.2). */
const SEGMENTS_WITH_PARTS = 4;

/** Names the files of a rendition. A name always stands for the same bytes, also after a restart. */
export class HlsNames {
  readonly #prefix: string;

  /** Begins every name with this. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Returns the name of a segment. */
  segment(sequence: number): string {
    return `${this.#prefix}-${sequence}.m4s`;
  }

  /** Returns the name of a part of a segment. */
  part(sequence: number, part: number): string {
    return `${this.#prefix}-${sequence}.${part}.m4s`;
  }

  /** Returns the name of an initialization. */
  initialization(number: number): string {
    return `${this.#prefix}-init${number}.mp4`;
  }

  /** Returns what a name stands for; `null` if it is none of these. */
  read(name: string): HlsFile | null {
    if (!name.startsWith(`${this.#prefix}-`)) return null;
    const rest = name.slice(this.#prefix.length + 1);
    const [, sequence, part] = /^(\d{1,15})(?:\.(\d{1,3}))?\.m4s$/.exec(rest) ?? [];
    if (part !== undefined) return { kind: "part", sequence: +sequence, part: +part };
    if (sequence !== undefined) return { kind: "segment", sequence: +sequence };
    const [, number] = /^init(\d{1,15})\.mp4$/.exec(rest) ?? [];
    return number === undefined ? null : { kind: "initialization", number: +number };
  }
}

/** What a name stands for. */
export type HlsFile =
  | { readonly kind: "segment"; readonly sequence: number }
  | { readonly kind: "part"; readonly sequence: number; readonly part: number }
  | { readonly kind: "initialization"; readonly number: number };

/** What a media playlist is written from. */
export interface MediaPlaylistOptions {
  /** Oldest first; the last one may not have ended. */
  readonly segments: readonly HlsSegment[];
  /** The names of the files. */
  readonly names: HlsNames;
  /** Whether parts are listed, and the server answers when there is a new one: no plain folder of files does. */
  readonly isLowLatency: boolean;
}

/** Writes the playlist of a rendition (RFC 8216bis section 4.4.3). */
export function mediaPlaylist({ segments, names, isLowLatency }: MediaPlaylistOptions): string {
  // Of pictures that come seldom, such as the card off air, parts would be too long.
  const recent = segments.slice(-SEGMENTS_WITH_PARTS);
  const hasParts = isLowLatency &&
    recent.every(({ parts }) => parts.every(({ duration }) => duration <= PART_TARGET_MS));
  const whole = hasParts ? segments : segments.filter(({ data }) => data !== null);
  const first = whole.at(0);
  const lines = [
    ...["#EXTM3U", "#EXT-X-VERSION:9", `#EXT-X-TARGETDURATION:${TARGET_SECONDS}`],
    ...isLowLatency ? [serverControl(hasParts)] : [],
    ...hasParts ? [`#EXT-X-PART-INF:PART-TARGET=${seconds(PART_TARGET_MS)}`] : [],
    `#EXT-X-MEDIA-SEQUENCE:${first?.sequence ?? 0}`,
    // Players count the tags at the first segment themselves.
    `#EXT-X-DISCONTINUITY-SEQUENCE:${first ? first.discontinuities - first.newDiscontinuities : 0}`,
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ];
  let map: number | null = null;
  for (const segment of whole) {
    lines.push(...Array<string>(segment.newDiscontinuities).fill("#EXT-X-DISCONTINUITY"));
    if (map !== segment.initializationNumber) {
      map = segment.initializationNumber;
      lines.push(`#EXT-X-MAP:URI="${names.initialization(map)}"`);
    }
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.at).toISOString()}`);
    if (hasParts && recent.includes(segment)) lines.push(...partLines(segment, names));
    if (segment.data === null) continue;
    lines.push(`#EXTINF:${seconds(durationOf(segment))},`, names.segment(segment.sequence));
  }
  if (hasParts && segments.length > 0) lines.push(hintOf(segments.at(-1)!, names));
  return lines.join("\n") + "\n";
}

function serverControl(hasParts: boolean): string {
  const holdBack = hasParts ? `,PART-HOLD-BACK=${seconds(PART_HOLD_BACK_MS)}` : "";
  return `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES${holdBack}`;
}

function partLines({ sequence, parts }: HlsSegment, names: HlsNames): string[] {
  return parts.map(({ duration, isIndependent }, index) =>
    `#EXT-X-PART:DURATION=${seconds(duration)},URI="${names.part(sequence, index)}"` +
    (isIndependent ? ",INDEPENDENT=YES" : "")
  );
}

function hintOf({ sequence, parts, data }: HlsSegment, names: HlsNames): string {
  const next = data === null ? names.part(sequence, parts.length) : names.part(sequence + 1, 0);
  return `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${next}"`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(5);
}

/** A rendition, as the multivariant playlist names it. */
export interface Variant extends Pick<HlsInitialization, "codecs" | "width" | "height"> {
  /** The address of its playlist. */
  readonly uri: string;
  /** The most bits a second. */
  readonly bandwidth: number;
  /** Usual bits a second. */
  readonly averageBandwidth: number;
}

/** Writes the playlist that names the renditions (RFC 8216bis section 4.4.6). */
export function multivariantPlaylist(variants: readonly Variant[]): string {
  return [
    ...["#EXTM3U", "#EXT-X-VERSION:9", "#EXT-X-INDEPENDENT-SEGMENTS"],
    ...variants.flatMap(({ uri, bandwidth, averageBandwidth, codecs, width, height }) => [
      `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth},AVERAGE-BANDWIDTH=${averageBandwidth},` +
      `CODECS="${codecs}",RESOLUTION=${width}x${height}`,
      uri,
    ]),
  ].join("\n") + "\n";
}
