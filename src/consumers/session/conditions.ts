import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { Part } from "../../media/multipart.ts";
import type { Quality } from "../../media/rendition.ts";
import { Ladder } from "./ladder.ts";
import { Probes } from "./probes.ts";
import type { SourceRate } from "./source_rate.ts";

/** What the quality of a stream's sessions depends on besides their choices. Changes over time. */
export interface Conditions {
  /** What sessions in Gaming mode get; follows the streamer's motion. */
  readonly gaming: Quality;
  /** Frames a second of the stream. */
  readonly fps: number;
  /** The sizes of the stream's renditions. */
  readonly ladder: Ladder;
  /** The probes of the stream's sessions. */
  readonly probes: Probes;
}

/** What the conditions of a stream are built with. */
export interface StreamConditionsOptions {
  /** The rate of the source that the stream shows. */
  readonly source: Pick<SourceRate, "fps">;
  /** What Gaming mode gives now. */
  readonly gaming: { readonly quality: Quality };
  /** Default: one that lowers quality, then size. */
  readonly ladder?: Ladder;
  /** The clock; a test gives its own. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** Measures the conditions of one stream. */
export class StreamConditions implements Conditions {
  readonly ladder: Ladder;
  readonly probes: Probes = new Probes();
  readonly #options: Required<StreamConditionsOptions>;
  #fps: number;

  /** Knows nothing of the stream yet. */
  constructor(options: StreamConditionsOptions) {
    const { ladder = new Ladder() } = options;
    this.#options = { clock: SYSTEM_CLOCK, ladder, ...options };
    this.ladder = ladder;
    this.#fps = options.source.fps;
  }

  get gaming(): Quality {
    return this.#options.gaming.quality;
  }

  get fps(): number {
    return this.#fps;
  }

  /** Counts a part that was made: the ladder learns the size of its rendition. */
  measured({ rendition, jpeg }: Part): void {
    this.ladder.measured(rendition, jpeg.length, this.#options.clock.monotonic());
  }

  /** Reads the source's rate again. Call this a few times a second. */
  update(): void {
    this.#fps = this.#options.source.fps;
  }
}
