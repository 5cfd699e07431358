import type { FaultTime } from "./faults.ts";
import type { Health } from "../support/process_health.ts";
import type { Heap } from "../support/heap.ts";
import type { SteadyViewer } from "./steady.ts";

/** One second of a soak. */
export interface Sample extends Omit<Health, "children"> {
  /** Seconds since its start. */
  readonly at: number;
  /** Streams that the server counts, those who stalled included. */
  readonly viewers: number;
  /** Frames a second that came from the camera, or what stands in for it. */
  readonly captured: number;
  /** Frames that each steady viewer received in the last second. */
  readonly fps: readonly number[];
  /** Milliseconds: the longest that this side itself was busy with something else. */
  readonly pause: number;
}

/** What is there while nobody watches. */
export interface Rest extends Health {
  readonly heap: Heap | null;
  readonly viewers: number;
  readonly database: { readonly main: number; readonly log: number };
}

/** All that a soak found. */
export interface SoakRecord {
  readonly seconds: number;
  readonly samples: readonly Sample[];
  readonly faults: readonly FaultTime[];
  readonly steady: readonly SteadyViewer[];
  /** On the clock of the frames: what the soak's second 0 is. */
  readonly beganAt: number;
  /** Seconds: from the first second that the steady viewers were all there to their last. */
  readonly watched: { readonly from: number; readonly to: number };
  readonly before: Rest;
  readonly after: Rest;
  readonly tally: ReadonlyMap<string, number>;
  readonly complaints: readonly string[];
  /** Lines of the log, parsed, with the second at which they were written. */
  readonly log: readonly {
    readonly at: number;
    readonly level: string;
    readonly message: string;
  }[];
  readonly end: {
    readonly code: number;
    readonly milliseconds: number;
    /** ffmpegs that outlived the program. */
    readonly orphans: number;
    readonly database: { readonly main: number; readonly log: number };
  };
  readonly acknowledged: { readonly messages: number; readonly donations: number };
  readonly missing: readonly string[];
  /** Objects of each class when everyone had left, and after the restart; `null` if nobody tells. */
  readonly census: {
    readonly after: ReadonlyMap<string, number> | null;
    readonly anew: ReadonlyMap<string, number> | null;
  };
  /** Viewers who were dropped because they read nothing. */
  readonly dropped: number;
}
