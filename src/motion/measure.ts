import type { LumaPlane } from "../media/luma_plane.ts";

/**
 * Levels of 255 by which a block's brightness changes from sensor noise alone. The mean of 64
 * pixels is quiet: noise of 6 levels a pixel moves it by less than one.
 */
const NOISE = 3;

/** Shorter spans miss slow movement, longer ones react late. Milliseconds. */
const SPAN_MS = 100;

/** A plane older than this says nothing about movement now. Milliseconds. */
const STALE_MS = 1000;

/**
 * Returns how much moved between two luma planes: the mean change of a sample, 0..1, less sensor
 * noise; 0 if their sizes differ.
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

/** One measurement of motion. */
export interface Motion {
  /** How much moved, 0..1. */
  readonly intensity: number;
  /** The span of time that was measured. */
  readonly seconds: number;
}

/** Measures motion over spans of a tenth of a second, whatever the frame rate. */
export class MotionMeter {
  #reference: { readonly plane: LumaPlane; readonly at: number } | null = null;

  /**
   * Returns whether the plane of a frame would start or complete a measurement.
   *
   * @param at Wall time of the frame, milliseconds.
   */
  due(at: number): boolean {
    if (this.#reference === null) return true;
    const elapsed = at - this.#reference.at;
    // Negative after the clock was set back, which makes the reference useless.
    return elapsed >= SPAN_MS || elapsed < 0;
  }

  /**
   * Takes the plane of a frame. Returns a measurement when it completes one.
   *
   * @param at Wall time of the frame, milliseconds.
   */
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
