import { bitRateOf } from "../../media/h264/renditions.ts";
import type { Size } from "../../media/jpeg/size.ts";
import type { Variant } from "./playlist.ts";
import type { HlsRendition } from "./rendition.ts";
import { durationOf, type HlsSegment } from "./segment.ts";

/** What a peak may be above the mean. */
const PEAK = 1.3;

/** Bits a second of the sound. */
const SOUND_BITS = 128_000;

/**
 * Returns the renditions of which there is a whole segment, as the multivariant playlist names them. Players read it
 * once, perhaps during the card, which takes next to nothing: their rates are at least those that the encoders are
 * allowed.
 */
export function variantsOf(renditions: readonly HlsRendition[]): readonly Variant[] {
  const filled = renditions.map((rendition) => ({ rendition, whole: wholeOf(rendition) }))
    .filter(({ whole }) => whole.length > 0);
  // One that has all the source's pixels tells its frame size.
  const size = filled.map(({ whole }) => whole.at(-1)!.initialization)
    .reduce<Size>((one, other) => areaOf(other) > areaOf(one) ? other : one, NO_SIZE);
  return filled.map(({ rendition: { name, usual }, whole }) => {
    const { codecs, width, height } = whole.at(-1)!.initialization;
    const allowed = bitRateOf(usual, size) + SOUND_BITS;
    const mean = meanOf(whole) ?? allowed;
    return {
      ...{ codecs, width, height, uri: `${name}.m3u8` },
      bandwidth: Math.round(Math.max(mean, allowed) * PEAK),
      averageBandwidth: mean,
    };
  });
}

const NO_SIZE: Size = { width: 0, height: 0 };

function areaOf({ width, height }: Size): number {
  return width * height;
}

function wholeOf({ window: { listed } }: HlsRendition): readonly HlsSegment[] {
  return listed.filter(({ data }) => data !== null);
}

/** Returns the mean bits a second; `null` without any duration. */
function meanOf(segments: readonly HlsSegment[]): number | null {
  const bytes = segments.reduce((sum, { data }) => sum + data!.length, 0);
  const duration = segments.reduce((sum, segment) => sum + durationOf(segment), 0);
  return duration > 0 ? Math.round(bytes * 8_000 / duration) : null;
}
