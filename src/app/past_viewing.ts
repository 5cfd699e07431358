import type { Audience } from "../audience/audience.ts";
import { Replays, type ReplaysOptions } from "../audience/replays.ts";
import type { Clock } from "../clock.ts";
import type { PastViewing } from "../http/route_parts.ts";
import type { Transcoder } from "../streams/part_maker.ts";
import { PastSnapshots } from "../streams/past_snapshots.ts";
import type { KeptPast } from "./rewind.ts";

/** What {@linkcode createPastViewing} needs. */
export interface PastViewingOptions {
  /** What is kept. */
  readonly kept: KeptPast;
  /** How long it is kept, from the command line. Milliseconds. */
  readonly rewind: number;
  /** The viewers' sessions. */
  readonly audience: Audience;
  /** What the quality of the program depends on. */
  readonly conditions: ReplaysOptions["conditions"];
  /** Makes renditions. */
  readonly transcoder: Transcoder;
  /** The time. */
  readonly clock: Clock;
}

/** Builds what viewers need to go back; `null` if nothing is kept for it. */
export function createPastViewing(options: PastViewingOptions): PastViewing | null {
  const { kept, rewind, transcoder, ...others } = options;
  const { past } = kept;
  return past && {
    kept,
    seconds: () => kept.rewind()?.seconds ?? Math.floor(rewind / 1000),
    replays: new Replays({ past, transcoder, ...others }),
    snapshots: new PastSnapshots({ past, transcoder }),
  };
}
