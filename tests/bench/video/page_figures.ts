import type { CaptureTimes } from "./capture_times.ts";
import { type Quantiles, quantiles } from "./quantiles.ts";
import type { Given, Painted } from "./video_page.ts";

/** What a page showed in some time. */
export interface PageFigures {
  /** Frames painted a second. */
  readonly fps: number;
  /** From the camera to the screen. Milliseconds. */
  readonly age: Quantiles;
  /** The share of the time in which a picture of the full width was on the screen. */
  readonly full: number;
  /** The share of the server's reports, twice a second, by which it gave H.264. */
  readonly video: number;
}

/**
 * Sums up what a page painted between two wall times, in milliseconds.
 *
 * @param width The full width of the pictures.
 */
export function figuresOf(
  page: { readonly painted: readonly Painted[]; readonly given: readonly Given[] },
  times: CaptureTimes,
  { from, to, width = 1280 }: {
    readonly from: number;
    readonly to: number;
    readonly width?: number;
  },
): PageFigures {
  const painted = page.painted.filter(({ at }) => at >= from && at < to);
  const given = page.given.filter(({ at }) => at >= from && at < to);
  const ages = painted.flatMap(({ at, sequence }) => {
    const captured = times.of(sequence);
    return captured === undefined ? [] : [at - captured];
  });
  const full = painted.reduce((sum, frame, i) => {
    const lasted = (painted[i + 1]?.at ?? to) - frame.at;
    return frame.width >= width ? sum + lasted : sum;
  }, 0);
  return {
    fps: fpsOf(painted, to - from),
    age: quantiles(ages),
    full: full / (to - (painted[0]?.at ?? to)),
    video: given.filter(({ codec }) => codec === "h264").length / given.length,
  };
}

/** Returns the frames a second: those that a `<video>` counts, else those that the page painted. */
function fpsOf(painted: readonly Painted[], milliseconds: number): number {
  const first = painted[0]?.shown, last = painted.at(-1)?.shown;
  if (first === undefined || first === null || last === undefined || last === null) {
    return painted.length / milliseconds * 1000;
  }
  return (last - first) / (painted.at(-1)!.at - painted[0].at) * 1000;
}
