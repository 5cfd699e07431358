import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { LumaPlane } from "../media/luma_plane.ts";
import type { Quality } from "../media/rendition.ts";
import { GamingQuality } from "./gaming.ts";
import { MotionMeter } from "./measure.ts";

/** Motion measured longer ago than this says nothing about now. Milliseconds. */
const STALE_MS = 1000;

/** Measures the motion of a stream and derives the quality of Gaming mode from it. */
export class MotionFollower {
  readonly #meter = new MotionMeter();
  readonly #gaming = new GamingQuality();
  readonly #clock: Pick<Clock, "monotonic">;
  #newest = { intensity: 0, at: -Infinity };

  /** Creates a follower that has measured nothing yet. */
  constructor(clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#clock = clock;
  }

  /** The quality that sessions in Gaming mode get. */
  get quality(): Quality {
    return this.#gaming.quality;
  }

  /** Intensity of the newest motion, 0..1; `null` while nothing is measured. */
  get intensity(): number | null {
    const { intensity, at } = this.#newest;
    return this.#clock.monotonic() - at < STALE_MS ? intensity : null;
  }

  /** Returns whether a frame of this wall time, in milliseconds, is worth measuring. */
  due(at: number): boolean {
    return this.#meter.due(at);
  }

  /** Measures a frame of this wall time, in milliseconds. */
  observe(plane: LumaPlane, at: number): void {
    const motion = this.#meter.observe(plane, at);
    if (!motion) return;
    this.#gaming.advance(motion);
    this.#newest = { intensity: motion.intensity, at: this.#clock.monotonic() };
  }
}
