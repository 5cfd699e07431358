import type { Rendition } from "../media/rendition.ts";

/** A rendition that consumers have awaited for this long is overdue. Milliseconds. */
export const OVERDUE_MS = 2000;

/** Since when consumers have awaited a rendition, and when one last wanted it. Milliseconds. */
interface Wait {
  readonly since: number;
  readonly wantedAt: number;
}

/** Finds renditions that are not made although frames come: their thread hangs or is too slow. */
export class OverdueRenditions {
  readonly #waits = new Map<Rendition, Wait>();

  /**
   * Notes that a consumer wants a rendition.
   *
   * @param now Milliseconds, by the clock that all calls use.
   * @returns Whether consumers have awaited it for two seconds.
   */
  wanted(rendition: Rendition, now: number): boolean {
    const wait = this.#waits.get(rendition);
    const goesOn = wait !== undefined && now >= wait.since && !isOver(wait.wantedAt, now);
    const since = goesOn ? wait.since : now;
    this.#waits.set(rendition, { since, wantedAt: now });
    return isOver(since, now);
  }

  /** Ends the wait for a rendition. */
  made(rendition: Rendition): void {
    this.#waits.delete(rendition);
  }

  /** Forgets renditions that nobody wants any more. Call this a few times a second. */
  tick(now: number): void {
    for (const [rendition, { wantedAt }] of this.#waits) {
      if (isOver(wantedAt, now)) this.#waits.delete(rendition);
    }
  }
}

function isOver(since: number, now: number): boolean {
  return now - since >= OVERDUE_MS;
}
