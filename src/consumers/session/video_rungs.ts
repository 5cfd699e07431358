import type { Rendition } from "../../media/rendition.ts";
import type { Rung } from "./rung.ts";
import type { VideoOffer } from "./video_offer.ts";

/**
 * H.264 must need this many times less than a JPEG that shows as much: it is only as good as measured on one
 * view, and cannot leave out frames.
 */
const PAYS = 1.5;

/**
 * Returns the rungs of a ladder with H.264 among them, best first; without any that pays, the same rungs.
 * What shows no more than a smaller rung is left out, but for two: the ceiling, and as the last rung the
 * smallest JPEG, whose frames can be left out on a link that does not carry even the smallest H.264.
 *
 * @param pictures The JPEGs that the session may be given, the ceiling first.
 * @param alike JPEGs to compare with, which may be finer than the ceiling.
 */
export function withVideo(
  pictures: readonly Rung[],
  alike: readonly Rung[],
  { rungs, isChosen }: VideoOffer,
): readonly Rung[] {
  const ceiling = pictures[0], last = pictures.at(-1)!;
  const video = rungs
    .filter(({ rendition }) => rendition.scale <= ceiling.rendition.scale)
    .filter((rung) => isChosen || (rung.bytes < ceiling.bytes && doesPay(rung, alike)));
  if (video.length === 0) return pictures;
  const top = isChosen
    ? video.reduce((best, one) => worthOf(one) > worthOf(best) ? one : best)
    : ceiling;
  const mixed: Rung[] = [];
  for (const rung of [...pictures, ...video].sort((a, b) => a.bytes - b.bytes)) {
    const best = mixed.at(-1);
    if (rung.bytes < top.bytes && (!best || worthOf(rung) > worthOf(best))) mixed.push(rung);
  }
  if (!mixed.includes(last)) mixed.unshift(last);
  return [top, ...mixed.reverse()];
}

function doesPay(video: Rung, alike: readonly Rung[]): boolean {
  const least = alike.filter((rung) => worthOf(rung) >= worthOf(video))
    .reduce((least, { bytes }) => Math.min(least, bytes), Infinity);
  return PAYS * video.bytes < least;
}

/** Returns how much is seen, by size first. */
function worthOf({ rendition: { quality, scale } }: { readonly rendition: Rendition }): number {
  return 1000 * scale + (quality === "source" ? 100 : quality);
}
