import { Rendition, type Scale, SCALES } from "../../media/rendition.ts";
import type { Ladder } from "./ladder.ts";
import { bestWithin } from "./rung.ts";

/** JPEG quality of bridges: on the screen for a moment, each a few kilobytes. */
const QUALITY = 30;

/** What the choice of a bridge depends on. */
export interface BridgeNeed {
  /** The H.264 in whose place it is given. */
  readonly video: Rendition;
  /** The best that the session may have. */
  readonly ceiling: Rendition;
  /** The JPEG that was given last; `null` for none. */
  readonly picture: Rendition | null;
  /** Bits a second that there are. */
  readonly budget: number;
  /** Frames a second. */
  readonly fps: number;
}

/** Returns the JPEG to give until the next key packet of H.264, with the ceiling's filter. */
export function bridgeFor(
  ladder: Ladder,
  { video, ceiling, picture, budget, fps }: BridgeNeed,
): Rendition {
  const rungs = ladder.under(ceiling);
  // A link that carries what is on the screen need not show less for a moment.
  const isRung = rungs.some(({ rendition }) => rendition === picture);
  if (picture && isRung && ladder.bytesOf(picture) * 8 * fps <= budget) return picture;
  const small = smallOf(video, ceiling);
  const best = bestWithin(rungs, budget, fps);
  return best.bytes < ladder.bytesOf(small) ? best.rendition : small;
}

function smallOf(video: Rendition, ceiling: Rendition): Rendition {
  const { quality, filter } = ceiling;
  const scale = Math.min(video.scale, ceiling.scale) / 2;
  return Rendition.of({
    quality: quality === "source" ? QUALITY : Math.min(QUALITY, quality),
    scale: SCALES.find((one) => one <= scale) ?? SCALES.at(-1) as Scale,
    filter,
  });
}
