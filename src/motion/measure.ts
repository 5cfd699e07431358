import type { LumaPlane } from "../media/luma_plane.ts";

/**
 * Levels of 255 by which a block's brightness changes from sensor noise alone. The mean of 64
 * pixels is quiet: noise of 6 levels a pixel moves it by less than one.
 */
const NOISE = 3;

/** Shorter spans see too little of a slow movement, longer ones answer late. Milliseconds. */
const SPAN_MS = 100;

/** A plane older than this says nothing about movement now. Milliseconds. */
const STALE_MS = 1000;

/**
 * How much moves between two luma planes: the mean change of a sample, 0..1, with sensor noise
 * taken off. 0 where their sizes differ.
 */
export function measureMotion(before: LumaPlane, after: LumaPlane): number {
  const a = before.data, b = after.data;
  if (before.width !== after.width || before.height !== after.height || a.length === 0) return 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const change = Math.abs(a[i] - b[i]);
    if (change > NOISE) sum += change - NOISE;
  }
  return sum / (a.length * 255);
}

/** One measurement: `intensity` 0..1 over the `seconds` before it. */
export interface Motion {
  readonly intensity: number;
  readonly seconds: number;
}

/** Measures motion over spans of a tenth of a second, whatever the frame rate. */
export class MotionMeter {
  #reference: { readonly plane: LumaPlane; readonly at: number } | null = null;

  /** Whether a plane captured `at` (milliseconds) would complete a measurement or begin one. */
  due(at: number): boolean {
    if (this.#reference === null) return true;
    const elapsed = at - this.#reference.at;
    // Below 0 the clock was set back: what came before is of no use.
    return elapsed >= SPAN_MS || elapsed < 0;
  }

  /** Takes the plane of a frame captured `at`; gives a measurement when a span is complete. */
  observe(plane: LumaPlane, at: number): Motion | null {
    const reference = this.#reference;
    if (!this.due(at)) return null;
    this.#reference = { plane, at };
    if (reference === null || at < reference.at || at - reference.at > STALE_MS) return null;
    return {
      intensity: measureMotion(reference.plane, plane),
      seconds: (at - reference.at) / 1000,
    };
  }
}
