import { type Quality, type Rendition, SOURCE } from "../../media/rendition.ts";
import type { Rung } from "./rung.ts";
import type { VideoOffer } from "./video_offer.ts";
import { withVideo } from "./video_rungs.ts";

/** A rendition whatever its filter. */
export type Step = Pick<Rendition, "quality" | "scale">;

/**
 * What can be given in place of the source: first coarser tables, then half the size. Few, so that many
 * viewers on many links share a handful of encodings. Below half the size, the steps of half the size
 * apply.
 */
const STEPS: readonly Step[] = [
  ...[70, 60, 50, 42, 35, 30, 25, 20, 16, 13, 10].map((quality) => ({
    quality,
    scale: 1 as const,
  })),
  ...[50, 42, 35, 30, 25, 20, 16, 13, 10, 7, 5].map((quality) => ({
    quality,
    scale: 0.5 as const,
  })),
];

/** A rung that saves less than this part of the bytes is left out. */
const LEAST_SAVING = 0.1;
/** Rungs are kept for so many offers of H.264: what is on offer now, by choice, and a few just before. */
const MAX_OFFERS = 8;
/** How long measurements count. Milliseconds. */
const MEMORY_MS = 700;
/** After this time, a size is worth measuring again. Milliseconds. */
const STALE_MS = 3000;

/**
 * Bytes of a frame in proportion to the source's before anything was measured: a webcam's view of a
 * street, at some qualities.
 */
const TYPICAL: Readonly<Record<"1" | "0.5", readonly (readonly [number, number])[]>> = {
  1: [[1, 0.2], [5, 0.24], [10, 0.31], [20, 0.46], [35, 0.63], [50, 0.8], [70, 0.93], [90, 1]],
  0.5: [[1, 0.06], [5, 0.07], [10, 0.1], [20, 0.15], [35, 0.21], [50, 0.26], [70, 0.34], [
    90,
    0.43,
  ]],
};

/** Orders a stream's renditions from the largest to the smallest, by their measured bytes. */
export class Ladder {
  readonly #steps: readonly Step[];
  readonly #sizes = new Map<Rendition, { bytes: number; at: number }>();
  readonly #rungs = new Map<Rendition, readonly Rung[]>();
  /** Those with H.264 among them, by ceiling, for the newest offers. */
  readonly #mixed = new Map<Rendition, Map<VideoOffer, readonly Rung[]>>();
  #sortedAt = -Infinity;

  /**
   * Creates a ladder that has measured nothing yet.
   *
   * @param steps What can be given below a ceiling; with none, the ceiling is always given.
   */
  constructor(steps: readonly Step[] = STEPS) {
    this.#steps = steps;
  }

  /** Returns a ladder that knows the same by now, for a stream of the same pictures. */
  copy(): Ladder {
    const copy = new Ladder(this.#steps);
    for (const [rendition, size] of this.#sizes) copy.#sizes.set(rendition, { ...size });
    return copy;
  }

  /** Learns the size of a rendition's frame. Times are monotonic, in milliseconds. */
  measured(rendition: Rendition, bytes: number, at: number): void {
    const size = this.#sizes.get(rendition);
    if (!size) {
      this.#sizes.set(rendition, { bytes, at });
      this.#forget();
      return;
    }
    size.bytes += (1 - Math.exp((size.at - at) / MEMORY_MS)) * (bytes - size.bytes);
    size.at = at;
    if (at - this.#sortedAt < MEMORY_MS / 4) return;
    this.#sortedAt = at;
    this.#forget();
  }

  /**
   * Returns what a session with this ceiling can be given: the ceiling first, then ever smaller
   * renditions, none of a finer quality, all with the ceiling's filter. With an offer of H.264, see
   * {@linkcode withVideo}.
   */
  under(ceiling: Rendition, offer: VideoOffer | null = null): readonly Rung[] {
    if (offer) return this.#mix(ceiling, offer);
    let rungs = this.#rungs.get(ceiling);
    if (!rungs) this.#rungs.set(ceiling, rungs = this.#sort(ceiling));
    return rungs;
  }

  /** Returns a rung under the ceiling whose size is not known well; `null` if all are. */
  unmeasured(ceiling: Rendition, now: number): Rendition | null {
    const stale = this.#candidates(ceiling).find((rendition) => {
      const size = this.#sizes.get(rendition);
      return !size || now - size.at > STALE_MS;
    });
    return stale ?? null;
  }

  /** Returns the bytes of a rendition's frame as measured recently, else as is typical; 0 before any. */
  bytesOf(rendition: Rendition): number {
    const plain = rendition.with({ filter: "none" });
    const size = this.#sizes.get(rendition) ?? this.#sizes.get(plain);
    if (size) return size.bytes;
    const source = this.#sizes.get(SOURCE)?.bytes ?? 0;
    return source * typicalShare(rendition);
  }

  #mix(ceiling: Rendition, offer: VideoOffer): readonly Rung[] {
    let mixed = this.#mixed.get(ceiling);
    if (!mixed) this.#mixed.set(ceiling, mixed = new Map());
    let rungs = mixed.get(offer);
    if (!rungs) {
      if (mixed.size >= MAX_OFFERS) mixed.clear();
      const pictures = this.under(ceiling);
      const alike = [ceiling, ...this.#steps.map((step) => ceiling.with(step))]
        .map((rendition) => ({ rendition, bytes: this.bytesOf(rendition) }));
      mixed.set(offer, rungs = withVideo(pictures, alike, offer));
    }
    return rungs;
  }

  #forget(): void {
    this.#rungs.clear();
    this.#mixed.clear();
  }

  #sort(ceiling: Rendition): readonly Rung[] {
    const rungs = [ceiling, ...this.#candidates(ceiling)]
      .map((rendition) => ({ rendition, bytes: this.bytesOf(rendition) }));
    const top = rungs[0];
    const lower = rungs.filter(({ bytes }) => bytes < top.bytes).sort((a, b) => b.bytes - a.bytes);
    const kept = [top];
    for (const rung of lower) {
      if (rung.bytes <= kept.at(-1)!.bytes * (1 - LEAST_SAVING)) kept.push(rung);
    }
    return kept;
  }

  #candidates(ceiling: Rendition): readonly Rendition[] {
    const { quality, scale } = ceiling;
    return this.#steps
      .filter((step) => numberOf(step.quality) <= numberOf(quality))
      .filter((step) => step.scale <= Math.max(0.5, scale))
      .map((step) => ceiling.with({ ...step, scale: step.scale < scale ? step.scale : scale }));
  }
}

function numberOf(quality: Quality): number {
  return quality === "source" ? 100 : quality;
}

function typicalShare({ quality, scale }: Pick<Rendition, "quality" | "scale">): number {
  // Below half the size, bytes shrink less than pixels do: headers and DC coefficients remain.
  if (scale < 0.5) return typicalShare({ quality, scale: 0.5 }) * (2 * scale) ** 1.5;
  const known = TYPICAL[scale === 1 ? 1 : 0.5];
  const wanted = numberOf(quality);
  const above = known.findIndex(([at]) => at >= wanted);
  if (above === -1) return known.at(-1)![1];
  const [q1, share1] = known[above];
  const [q0, share0] = known[Math.max(0, above - 1)];
  return q1 === q0 ? share1 : share0 + (share1 - share0) * (wanted - q0) / (q1 - q0);
}
