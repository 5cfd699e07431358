import type { AttemptEnd } from "./attempt.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** The ways in which a source could not be opened, one after another, and why. */
export class FailedWays {
  #diagnoses: Diagnosis[] = [];
  #damaged = 0;
  #oversized = 0;
  #wasOpen = false;

  /** Whether the source was open in one of these ways: it gave data, or kept ffmpeg waiting. */
  get wasOpen(): boolean {
    return this.#wasOpen;
  }

  /**
   * Notes how a way ended.
   *
   * @param diagnose Says why there are no pictures. It gets the frames that all ways dropped: the last
   * way may have found none at all.
   * @returns What it said.
   */
  add(end: AttemptEnd, diagnose: (end: AttemptEnd) => Diagnosis): Diagnosis {
    this.#wasOpen ||= end.hadData || end.stalled;
    this.#damaged += end.damaged;
    this.#oversized += end.oversized;
    const dropped = { damaged: this.#damaged, oversized: this.#oversized };
    const diagnosis = diagnose(end.hadFrames ? end : { ...end, ...dropped });
    this.#diagnoses.push(diagnosis);
    return diagnosis;
  }

  /** The diagnosis that ended the search for a way; else the last one whose reason is known. */
  get mostTelling(): Diagnosis {
    const last = this.#diagnoses.at(-1)!;
    if (last.kind !== "other") return last;
    return this.#diagnoses.findLast(({ isKnown }) => isKnown) ?? last;
  }

  clear(): void {
    this.#diagnoses = [];
    this.#damaged = this.#oversized = 0;
    this.#wasOpen = false;
  }
}
