import type { FaultTime } from "./faults.ts";
import type { Health } from "../support/process_health.ts";
import type { Heap } from "../support/heap.ts";
import type { SteadyViewer } from "./steady.ts";

/** One second of a soak. */
export interface Sample extends Omit<Health, "children"> {
  /** Seconds since its start. */
  readonly at: number;
  /** Open streams as counted by the server, including stalled ones. */
  readonly viewers: number;
  /** Frames a second from the camera or its replacement. */
  readonly captured: number;
  /** Frames that each steady viewer received in the last second. */
  readonly fps: readonly number[];
  /** The longest stall of the test process itself. Milliseconds. */
  readonly pause: number;
}

/** What the server holds while there are no viewers. */
export interface Rest extends Health {
  readonly heap: Heap | null;
  readonly viewers: number;
  readonly database: { readonly main: number; readonly log: number };
}

/** Everything that a soak measured. */
export interface SoakRecord {
  readonly seconds: number;
  readonly samples: readonly Sample[];
  readonly faults: readonly FaultTime[];
  readonly steady: readonly SteadyViewer[];
  /** Time of the soak's second 0 on the frames' clock. */
  readonly beganAt: number;
  /** Seconds between which all steady viewers were present. */
  readonly watched: { readonly from: number; readonly to: number };
  readonly before: Rest;
  readonly after: Rest;
  readonly tally: ReadonlyMap<string, number>;
  readonly complaints: readonly string[];
  /** Parsed log lines, with the second at which each was written. */
  readonly log: readonly {
    readonly at: number;
    readonly level: string;
    readonly message: string;
  }[];
  readonly end: {
    readonly code: number;
    readonly milliseconds: number;
    /** ffmpeg processes that outlived the program. */
    readonly orphans: number;
    readonly database: { readonly main: number; readonly log: number };
  };
  readonly acknowledged: { readonly messages: number; readonly donations: number };
  readonly missing: readonly string[];
  /** Objects of each class after everyone left and after the restart; `null` if unknown. */
  readonly census: {
    readonly after: ReadonlyMap<string, number> | null;
    readonly anew: ReadonlyMap<string, number> | null;
  };
  /** Viewers who were dropped because they read nothing. */
  readonly dropped: number;
}
