import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { Part } from "../../media/multipart.ts";
import type { Quality } from "../../media/rendition.ts";
import { NO_VIDEO, type VideoTracks } from "../../streams/video.ts";
import { Flow } from "./flow.ts";
import { Ladder } from "./ladder.ts";
import { Probes } from "./probes.ts";
import type { SourceRate } from "./source_rate.ts";
import { VideoOffers } from "./video_offer.ts";

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
  /** The H.264 of the stream. */
  readonly video: VideoOffers;
}

/** What the conditions of a stream are built with. */
export interface StreamConditionsOptions {
  /** The rate of the source that the stream shows. */
  readonly source: Pick<SourceRate, "fps">;
  /** What Gaming mode gives now. */
  readonly gaming: { readonly quality: Quality };
  /** Default: one that lowers quality, then size. */
  readonly ladder?: Ladder;
  /** Those of other streams' sessions that may share links with these. Default: none. */
  readonly probes?: Probes;
  /** Default: no H.264. */
  readonly video?: VideoTracks;
  /** The clock; a test gives its own. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** Measures the conditions of one stream. */
export class StreamConditions implements Conditions {
  readonly ladder: Ladder;
  readonly probes: Probes;
  readonly video: VideoOffers;
  /** Whether the stream gives moving pictures. */
  readonly flow: Flow;
  readonly #options: Required<Omit<StreamConditionsOptions, "video" | "probes">>;
  #fps: number;

  /** Knows nothing of the stream yet. */
  constructor(options: StreamConditionsOptions) {
    const { ladder = new Ladder(), probes = new Probes(), video = NO_VIDEO } = options;
    this.#options = { clock: SYSTEM_CLOCK, ladder, ...options };
    this.ladder = ladder;
    this.probes = probes;
    this.flow = new Flow(this.#options.clock);
    this.video = new VideoOffers(video, this.flow);
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
