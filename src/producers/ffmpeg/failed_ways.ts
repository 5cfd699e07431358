import type { AttemptEnd } from "./attempt.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** Collects the ways that failed to open a source, and why. */
export class FailedWays {
  #diagnoses: Diagnosis[] = [];
  #damaged = 0;
  #oversized = 0;
  #wasOpen = false;

  /** Whether one of these ways had opened the source: it sent data, or kept ffmpeg waiting. */
  get wasOpen(): boolean {
    return this.#wasOpen;
  }

  /**
   * Records how a way ended.
   *
   * @param diagnose Returns why there are no frames. It receives the dropped frames of all ways, because
   * the last way may have found none at all.
   * @returns Its diagnosis.
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

  /** The diagnosis that ended the search, or else the last one whose reason is known. */
  get mostTelling(): Diagnosis {
    const last = this.#diagnoses.at(-1)!;
    if (last.kind !== "other") return last;
    return this.#diagnoses.findLast(({ isKnown }) => isKnown) ?? last;
  }

  /** Forgets all ways, before the search starts again. */
  clear(): void {
    this.#diagnoses = [];
    this.#damaged = this.#oversized = 0;
    this.#wasOpen = false;
  }
}
