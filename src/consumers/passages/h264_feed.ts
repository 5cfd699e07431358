import type { Clock } from "../../clock.ts";
import type { VideoConfiguration, VideoPacket } from "../../media/packet.ts";
import type { VideoConsumer, VideoTrack, VideoTracks } from "../../streams/video.ts";
import { canFollow } from "./passage.ts";
import type { PictureFeed, PictureListener } from "./picture_feed.ts";

/** An encoder takes so long to be found or to begin again before that is a problem. Milliseconds. */
const PATIENCE_MS = 5_000;

/** Packets are awaited for so long before that is a problem. Milliseconds. */
const SILENCE_MS = 5_000;

/** A better track than the one that is recorded must have been there for so long. Milliseconds. */
const BETTER_MS = 60_000;

/** An encoder no longer gives what it had before the feed started. Milliseconds. */
const STALE_MS = 5_000;

/** What an {@linkcode H264Feed} is built with. */
export interface H264FeedOptions {
  /** The H.264 of the stream. */
  readonly tracks: VideoTracks;
  /** Takes the pictures. */
  readonly listener: PictureListener;
  /** What to do where there is no H.264: `use --record-codec copy`. Default: nothing. */
  readonly advice?: string;
  /** Picks one of the tracks that can be had, the best of which comes first. Default: the best. */
  readonly pick?: (tracks: readonly VideoTrack[]) => VideoTrack | undefined;
  /** The time. */
  readonly clock: Clock;
}

/** Gives the H.264 of a stream, which others may use too: that of its best track, or of another one that is picked. */
export class H264Feed implements PictureFeed, VideoConsumer {
  readonly #tracks: VideoTracks;
  readonly #listener: PictureListener;
  readonly #advice: string;
  readonly #pick: (tracks: readonly VideoTrack[]) => VideoTrack | undefined;
  readonly #clock: Clock;
  #track: VideoTrack | null = null;
  #isRunning = false;
  /** Monotonic time since when there has been a better track; `null` while there is none. */
  #betterSince: number | null = null;
  /** Wall time from which on frames belong to it, and when to stop comparing: anyone may set the clock. */
  #from = { at: 0, until: 0 };
  /** Monotonic time when it began to lack packets. */
  #lackingSince = 0;
  /** Of the newest packet that was taken; `null` while a key is needed. */
  #index: number | null = null;
  #configuration: VideoConfiguration | null = null;

  /** Gives nothing yet. */
  constructor(options: H264FeedOptions) {
    const { tracks, listener, advice = "", pick = ([best]) => best, clock } = options;
    this.#tracks = tracks;
    this.#listener = listener;
    this.#advice = advice;
    this.#pick = pick;
    this.#clock = clock;
  }

  get problem(): string | null {
    if (!this.#isRunning) return null;
    if (!this.#tracks.isOffered) {
      return ["ffmpeg has no encoder for H.264, or it is off", this.#advice].filter(Boolean).join(
        ": ",
      );
    }
    const lacking = this.#clock.monotonic() - this.#lackingSince;
    if (!this.#track?.isAvailable) {
      if (lacking < PATIENCE_MS) return null;
      const advice = ["see the log", this.#advice].filter(Boolean).join(", or ");
      return `the encoder of H.264 fails, and is tried again: ${advice}`;
    }
    return lacking < SILENCE_MS ? null : "the encoder of H.264 gives nothing";
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const now = this.#clock.monotonic();
    this.#from = { at: this.#clock.wall(), until: now + STALE_MS };
    this.#lackingSince = now;
    this.#choose();
  }

  stop(): void {
    this.#isRunning = false;
    this.#leave();
  }

  tick(): void {
    if (!this.#isRunning) return;
    if (!this.#track?.isAvailable || this.#isBetterThere()) this.#choose();
  }

  deliver(packet: VideoPacket): void {
    const { index, isKey, configuration, at, data } = packet;
    if (!isKey && (this.#index === null || index !== this.#index + 1)) {
      if (this.#index !== null) this.#listener.gap();
      this.#index = null;
      if (this.#track?.isKeyNear === false) this.#track.requestKey();
      return;
    }
    // The encoder may still have had the card that viewers saw off air.
    if (this.#index === null && this.#isStale(at)) return this.#track?.requestKey();
    if (this.#index !== null && index !== this.#index + 1) this.#listener.gap();
    this.#index = index;
    this.#lackingSince = this.#clock.monotonic();
    if (!this.#configuration || !canFollow(this.#configuration, configuration)) {
      this.#configuration = configuration;
    }
    this.#listener.picture({ at, data, isKey }, this.#configuration);
  }

  #isStale(at: number): boolean {
    return at < this.#from.at && this.#clock.monotonic() < this.#from.until;
  }

  /** Returns whether there has been a better track for some time: its encoder may have failed before. */
  #isBetterThere(): boolean {
    const now = this.#clock.monotonic();
    const best = this.#pick(this.#tracks.available);
    this.#betterSince = best === this.#track ? null : this.#betterSince ?? now;
    return this.#betterSince !== null && now - this.#betterSince >= BETTER_MS;
  }

  #choose(): void {
    this.#betterSince = null;
    const best = this.#pick(this.#tracks.available);
    if (!best || best === this.#track) return;
    this.#leave();
    this.#track = best;
    best.join(this);
    best.requestKey();
  }

  #leave(): void {
    this.#track?.leave(this);
    this.#track = null;
    if (this.#index !== null) this.#listener.gap();
    this.#index = null;
  }
}
