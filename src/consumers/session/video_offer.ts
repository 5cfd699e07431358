import type { VideoTracks } from "../../streams/video.ts";
import type { Flow } from "./flow.ts";
import type { Rung } from "./rung.ts";

/** Which sessions get H.264: those whose link needs it, or all that can. */
export type VideoChoice = "auto" | "h264";

/** What a session may be given of H.264. The same object while it is about the same, so that ladders can cache by it. */
export interface VideoOffer {
  /** The renditions that can be had now, with the bytes of their packets, the best one first. */
  readonly rungs: readonly Rung[];
  /** Whether the viewer prefers them to any JPEG. */
  readonly isChosen: boolean;
}

/** A size that moves by less than this part of it makes no new offer. */
const SAME = 0.05;

/** Offers the H.264 of a stream to its sessions. */
export class VideoOffers {
  /** The encodings on offer. */
  readonly tracks: VideoTracks;
  readonly #flow: Pick<Flow, "isFlowing">;
  #offers: Readonly<Record<VideoChoice, VideoOffer>> = offersOf([]);

  /**
   * Reads the tracks whenever an offer is asked for.
   *
   * @param flow Without it, there is no offer.
   */
  constructor(tracks: VideoTracks, flow: Pick<Flow, "isFlowing">) {
    this.tracks = tracks;
    this.#flow = flow;
  }

  /** Returns what a session with this choice may be given now; `null` for nothing. */
  for(choice: VideoChoice): VideoOffer | null {
    if (!this.#flow.isFlowing) return null;
    const { available } = this.tracks;
    const { rungs } = this.#offers[choice];
    const isSame = available.length === rungs.length &&
      rungs.every(({ rendition, bytes }, i) =>
        available[i].rendition === rendition && Math.abs(available[i].bytes - bytes) <= SAME * bytes
      );
    if (!isSame) {
      this.#offers = offersOf(available.map(({ rendition, bytes }) => ({ rendition, bytes })));
    }
    return available.length === 0 ? null : this.#offers[choice];
  }
}

function offersOf(rungs: readonly Rung[]): Readonly<Record<VideoChoice, VideoOffer>> {
  return { auto: { rungs, isChosen: false }, h264: { rungs, isChosen: true } };
}
