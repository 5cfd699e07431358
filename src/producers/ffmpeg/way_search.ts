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

/** Searches for a way to open a source: knows which to try next, and why the others failed. */
export class WaySearch {
  readonly #ffmpeg: Ffmpeg;
  #source: Source;
  #mode: Mode;
  readonly #redirects: Redirects;
  readonly #picker: WayPicker;
  readonly #failed = new FailedWays();

  /** @param mode What the source is asked for, until it turns out to have only others. */
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

  /** Whether the source was open in a way that failed: it gave data, or kept ffmpeg waiting. */
  get wasOpen(): boolean {
    return this.#failed.wasOpen;
  }

  /** Learns more of the source; returns whether the way is still the right one. */
  learn(way: Way, findings: Findings): boolean {
    this.#picker.learn(findings);
    return this.#picker.way?.name === way.name;
  }

  /** Follows a redirect, if an attempt ended for one; see {@linkcode Redirects.follow}. */
  follow(end: AttemptEnd): Promise<AttemptEnd | null> {
    return this.#redirects.follow(end);
  }

  /**
   * Notes how a way ended.
   *
   * @returns Null if another way is to be tried at once; else why the source cannot be opened now.
   */
  conclude(way: Way, end: AttemptEnd): Diagnosis | null {
    const { kind } = this.#failed.add(end, (failure) => this.#diagnose(failure));
    return this.#hasOtherWay(way, end, kind) ? null : this.#failed.mostTelling;
  }

  /** Readies the search to begin again, after it had failed or the source had been live. */
  startOver({ polls }: Way, { kind }: Diagnosis, { hadFrames }: AttemptEnd): void {
    this.#failed.clear();
    // What does not answer for a while is still the same source. But a picture may be a video now.
    if (!polls && (hadFrames || kind !== "other")) this.#picker.retry();
    else this.#picker.forget();
    this.#redirects.reset(this.#source);
  }

  /** Searches for ways to open another source from now on. */
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
    const reason = { forAnyone: "ffmpeg cannot be started", forStreamer };
    return { kind: "refused", isKnown: true, reason };
  }

  /** Returns whether another way may open the source at once, and readies it. */
  #hasOtherWay(way: Way, end: AttemptEnd, kind: FailureKind): boolean {
    if (end.wrongWay) return this.#picker.way !== null;
    if (end.hadFrames) this.#picker.noteSuccess(way);
    if (end.hadFrames || kind !== "other") return false;
    const mode = nearestMode(end.lines, this.#mode);
    if (mode !== null && !isSameMode(mode, this.#mode)) {
      const message = "The camera does not do what is asked for: taking the nearest";
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
