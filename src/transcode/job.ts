import type { Orientation } from "../media/jpeg/exif.ts";
import type { LumaPlane } from "../media/luma_plane.ts";
import type { Frame } from "../media/packet.ts";
import type { Rendition } from "../media/rendition.ts";

/** What to make of one frame, all from one decode. */
export interface Job {
  /** The stream of the frame: within it, newer frames replace older ones. */
  readonly stream: string;
  /** The frame to decode. */
  readonly frame: Frame;
  /** Whether it makes way for all jobs that are not, so that live pictures come first: of a replay, or of the ring. Default: false. */
  readonly isDeferred?: boolean;
  /** Made in this order; the last ones are skipped when another frame waits. */
  readonly renditions: readonly Rendition[];
  /** How many of them are never skipped. */
  readonly least: number;
  /** An earlier frame's luma plane, for filters that look for motion. */
  readonly previous?: LumaPlane;
  /** Turns the frame, which is then the only output; `renditions` must be the source alone. */
  readonly orientation?: Orientation;
  /** Takes each output as soon as it is made; `index` is its place in `renditions`. */
  readonly onOutput: (index: number, jpeg: Uint8Array<ArrayBuffer>) => void;
  /** Called if the rest cannot be made: no codec reads the frame, or its thread died or hung. */
  readonly onFailure: () => void;
}
