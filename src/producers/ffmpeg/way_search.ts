import type { AttemptEnd } from "./attempt.ts";
import { diagnose, type Diagnosis, type FailureKind } from "./diagnosis.ts";
import { FailedWays } from "./failed_ways.ts";
import type { Findings } from "./findings.ts";
import { Redirects } from "./redirects.ts";
import type { Ffmpeg } from "./setup.ts";
import { type Mode, nearestMode, type Source } from "./source.ts";
import type { Way } from "./way.ts";
import { WayPicker } from "./way_picker.ts";
import { waysFor } from "./ways.ts";

/** Searches for a way to open a source: decides which to try next and why the source failed. */
export class WaySearch {
  readonly #ffmpeg: Ffmpeg;
  #source: Source;
  #mode: Mode;
  readonly #redirects: Redirects;
  readonly #picker: WayPicker;
  readonly #failed = new FailedWays();

  /**
   * Creates a search that starts with the likeliest way.
   *
   * @param mode Asked of the source, until it turns out to have only others.
   */
  constructor(source: Source, mode: Mode, ffmpeg: Ffmpeg) {
    this.#ffmpeg = ffmpeg;
    this.#source = source;
    this.#mode = mode;
    this.#redirects = new Redirects({ source, ffmpeg });
    this.#picker = new WayPicker((findings) =>
      waysFor(this.#redirects.target, this.#mode, ffmpeg.system, findings)
    );
  }

  /** The way to try now. */
  get way(): Way {
    return this.#picker.way!;
  }

  /** Whether a way that failed had opened the source: it sent data, or kept ffmpeg waiting. */
  get wasOpen(): boolean {
    return this.#failed.wasOpen;
  }

  /** Adds findings about the source; returns whether the way is still the right one. */
  learn(way: Way, findings: Findings): boolean {
    this.#picker.learn(findings);
    return this.#picker.way?.name === way.name;
  }

  /** Follows the redirect that an attempt ended with, if any; see {@linkcode Redirects.follow}. */
  follow(end: AttemptEnd): Promise<AttemptEnd | null> {
    return this.#redirects.follow(end);
  }

  /**
   * Records how a way ended.
   *
   * @returns Null if {@linkcode way} can be tried at once; else why the source cannot be opened now.
   */
  conclude(way: Way, end: AttemptEnd): Diagnosis | null {
    const { kind } = this.#failed.add(end, (failure) => this.#diagnose(failure));
    return this.#hasOtherWay(way, end, kind) ? null : this.#failed.mostTelling;
  }

  /** Restarts the search, after it failed or the source had been live. */
  startOver({ polls }: Way, { kind }: Diagnosis, { hadFrames }: AttemptEnd): void {
    this.#failed.clear();
    // A source that was silent for a while is still the same. But a still may have become a video.
    if (!polls && (hadFrames || kind !== "other")) this.#picker.retry();
    else this.#picker.forget();
    this.#redirects.reset(this.#source);
  }

  /** Replaces the source, and forgets what was learned about the old one. */
  setSource(source: Source): void {
    this.#source = source;
    this.#picker.forget();
  }

  /** Ends the run of ffmpeg that reads a redirect, if there is one. */
  stop(): void {
    this.#redirects.stop();
  }

  #diagnose(end: AttemptEnd): Diagnosis {
    if (end.startFailure === null) return diagnose(this.#source, end, this.#ffmpeg.system);
    const forStreamer = end.startFailure.message;
    const reason = { code: "unavailable", forStreamer } as const;
    return { kind: "refused", isKnown: true, reason };
  }

  /** Returns whether another way may open the source at once, and selects it. */
  #hasOtherWay(way: Way, end: AttemptEnd, kind: FailureKind): boolean {
    if (end.wrongWay) return this.#picker.way !== null;
    if (end.hadFrames) this.#picker.noteSuccess(way);
    if (end.hadFrames || kind !== "other") return false;
    const mode = nearestMode(end.lines, this.#mode);
    if (mode !== null && !isSameMode(mode, this.#mode)) {
      const message = "The camera has no such mode: using the nearest one";
      this.#ffmpeg.log.warn(message, { ...mode });
      this.#mode = mode;
      this.#picker.retry();
      return true;
    }
    this.#picker.noteFailure(way);
    return this.#picker.way !== null;
  }
}

function isSameMode(one: Mode, other: Mode): boolean {
  return one.width === other.width && one.height === other.height && one.fps === other.fps;
}
