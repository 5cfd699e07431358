import type { Clock } from "../../clock.ts";
import { H264_RENDITIONS } from "../../media/h264/renditions.ts";
import type { AacConsumer, AacTrack } from "../../streams/aac.ts";
import type { VideoTracks } from "../../streams/video.ts";
import { multivariantPlaylist } from "./playlist.ts";
import { HlsRendition } from "./rendition.ts";
import { HlsTimeline } from "./timeline.ts";
import { variantsOf } from "./variants.ts";

/** The encoders stop so long after the last request. Milliseconds. */
const LINGER_MS = 30_000;

/** Players begin without the renditions that are not there so long after the start. Milliseconds. */
const ALL_READY_MS = 5_000;

/** One encoder makes both renditions for so long after the machine was too slow for two. Milliseconds. */
const SAVING_MS = 300_000;

/** What HLS is built with. */
export interface HlsOptions {
  /** The H.264 of the program. */
  readonly tracks: VideoTracks;
  /** Its sound; `null` without. */
  readonly aac: AacTrack | null;
  /** Begins the names of all files: differs at each start, so that caches never mistake one for another. */
  readonly prefix: string;
  /** The time. */
  readonly clock: Clock;
}

/**
 * The program as HLS (RFC 8216bis), in memory: two renditions, the best and the smallest, with the same sound. The
 * encoders run only while somebody fetches, or while it is held.
 */
export class Hls {
  /** The renditions, the best one first. */
  readonly renditions: readonly HlsRendition[];
  readonly #options: HlsOptions;
  readonly #sound: AacConsumer;
  readonly #listeners = new Set<() => void>();
  /** End all that waits in {@linkcode until}. */
  readonly #waiters = new Set<() => void>();
  #holders = 0;
  #isRunning = false;
  /** Monotonic time when the encoders were started. */
  #startedAt = -Infinity;
  /** Monotonic time of the last request. */
  #usedAt = -Infinity;
  /** Whether there has been an encoder since the start. */
  #hadEncoder = false;
  /** Monotonic time until which one encoder makes both renditions. */
  #savesUntil = -Infinity;

  /** Makes nothing yet. */
  constructor(options: HlsOptions) {
    const { tracks, prefix, clock } = options;
    this.#options = options;
    const timeline = new HlsTimeline();
    const onChange = () => this.#changed();
    const common = { prefix, tracks, timeline, onChange, clock };
    this.renditions = [
      new HlsRendition({
        ...common,
        name: "high",
        usual: H264_RENDITIONS[0],
        pick: (all) => this.#isSaving ? all.at(-1) : all[0],
      }),
      new HlsRendition({
        ...common,
        name: "low",
        usual: H264_RENDITIONS.at(-1)!,
        pick: (all) => all.at(-1),
      }),
    ];
    this.#sound = {
      deliver: (packet) => {
        for (const { segmenter } of this.renditions) segmenter.sound(packet);
      },
    };
  }

  /** Whether the encoders run. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Whether there is an encoder, or may be one soon. */
  get isPossible(): boolean {
    return this.#options.tracks.isOffered;
  }

  /** Why there is nothing, to follow a colon; `null` while there is. */
  get problem(): string | null {
    return this.renditions[0].feed.problem;
  }

  /** Whether players can begin: every rendition has a whole segment, or one has and the other one is late. */
  get isReady(): boolean {
    const ready = this.renditions.filter(({ window }) => window.count > 0).length;
    const isLate = this.#options.clock.monotonic() - this.#startedAt >= ALL_READY_MS;
    return ready === this.renditions.length || (isLate && ready > 0);
  }

  /** The playlist that names the renditions of which there is something. */
  get multivariant(): string {
    return multivariantPlaylist(variantsOf(this.renditions));
  }

  /** The same for a plain file, without the rates that change all the time. */
  get steadyMultivariant(): string {
    return this.multivariant.replaceAll(/,AVERAGE-BANDWIDTH=\d+/g, "");
  }

  /** Notes that somebody fetches, and starts the encoders if they do not run. */
  use(): void {
    this.#usedAt = this.#options.clock.monotonic();
    this.#start();
  }

  /** Keeps the encoders running until the result is called. */
  hold(): () => void {
    this.#holders++;
    this.#start();
    let isHeld = true;
    return () => {
      if (isHeld) this.#holders--;
      isHeld = false;
    };
  }

  /** Calls back whenever there is something new, until the result is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves when a condition holds, which is looked at whenever there is something new.
   *
   * @returns Whether it does; otherwise the time is over, or there will be nothing new.
   */
  async until(condition: () => boolean, milliseconds: number): Promise<boolean> {
    if (condition()) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const forget = this.onChange(() => {
      if (condition()) resolve(true);
    });
    const giveUp = () => resolve(false);
    this.#waiters.add(giveUp);
    const timer = setTimeout(giveUp, milliseconds);
    const isTrue = await promise;
    clearTimeout(timer);
    this.#waiters.delete(giveUp);
    forget();
    return isTrue;
  }

  /** Does what is due. Call it four times a second. */
  tick(): void {
    if (!this.#isRunning) return;
    const idle = this.#options.clock.monotonic() - this.#usedAt;
    if (this.#holders === 0 && idle >= LINGER_MS) return this.stop();
    this.#watchEncoders();
    for (const { feed, segmenter } of this.renditions) {
      feed.tick();
      segmenter.tick();
    }
  }

  /** Stops the encoders, forgets all segments, and lets nobody wait for more. */
  stop(): void {
    // The server would wait for their requests when it ends.
    for (const giveUp of this.#waiters) giveUp();
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#options.aac?.leave(this.#sound);
    for (const rendition of this.renditions) {
      rendition.feed.stop();
      rendition.clear();
    }
  }

  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#startedAt = this.#options.clock.monotonic();
    this.#hadEncoder = false;
    this.#options.aac?.join(this.#sound);
    for (const { feed } of this.renditions) feed.start();
  }

  get #isSaving(): boolean {
    return this.#options.clock.monotonic() < this.#savesUntil;
  }

  /**
   * Notices that all encoders rest, as they do when the machine is too slow even for the smallest one. Both would begin
   * again at once, and be too slow again.
   */
  #watchEncoders(): void {
    const { tracks: { available }, clock } = this.#options;
    if (available.length > 0) this.#hadEncoder = true;
    else if (this.#hadEncoder) {
      this.#hadEncoder = false;
      this.#savesUntil = clock.monotonic() + SAVING_MS;
      const [{ feed }] = this.renditions;
      // It would go on with its own encoder otherwise.
      feed.stop();
      feed.start();
    }
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
