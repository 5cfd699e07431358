import type { Rendition } from "../media/rendition.ts";

/** A rendition that has been asked for and not been made so long is overdue. Milliseconds. */
export const OVERDUE_MS = 2000;

/** Since when a rendition has been waited for, and when it was last asked for. Milliseconds. */
interface Wait {
  readonly since: number;
  readonly askedAt: number;
}

/** Finds renditions that are not being made although frames come: their thread hangs or is too slow. */
export class OverdueRenditions {
  readonly #waits = new Map<Rendition, Wait>();

  /**
   * Counts a rendition as asked for.
   *
   * @param now Milliseconds of any clock.
   * @returns Whether it has been waited for for two seconds.
   */
  asked(rendition: Rendition, now: number): boolean {
    const wait = this.#waits.get(rendition);
    const goesOn = wait !== undefined && now >= wait.since && !isOver(wait.askedAt, now);
    const since = goesOn ? wait.since : now;
    this.#waits.set(rendition, { since, askedAt: now });
    return isOver(since, now);
  }

  /** Ends the wait for a rendition. */
  made(rendition: Rendition): void {
    this.#waits.delete(rendition);
  }

  /** To be called some times a second: forgets what nobody asks for any more. */
  tick(now: number): void {
    for (const [rendition, { askedAt }] of this.#waits) {
      if (isOver(askedAt, now)) this.#waits.delete(rendition);
    }
  }
}

function isOver(since: number, now: number): boolean {
  return now - since >= OVERDUE_MS;
}
