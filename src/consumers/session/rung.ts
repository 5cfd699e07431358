import type { Rendition } from "../../media/rendition.ts";

/** A rendition that a session can be given, and how large its frames are. */
export interface Rung {
  /** What is given. */
  readonly rendition: Rendition;
  /** Bytes of a frame, as measured recently. */
  readonly bytes: number;
}

/** Returns the bits a second of a rung. */
export function needOf(rung: Rung, fps: number): number {
  return rung.bytes * 8 * fps;
}

/** Returns what orders rungs: their bytes, but for a last one that only lets frames be left out. */
export function heightIn(rungs: readonly Rung[], { rendition, bytes }: Rung): number {
  const last = rungs[rungs.length - 1];
  const isFallback = rendition === last.rendition && last.bytes > (rungs.at(-2)?.bytes ?? Infinity);
  return isFallback ? 0 : bytes;
}

/** Returns the best rung within the budget in bits a second; the last one when none is. */
export function bestWithin(rungs: readonly Rung[], budget: number, fps: number): Rung {
  return rungs.find((rung) => needOf(rung, fps) <= budget) ?? rungs.at(-1)!;
}
