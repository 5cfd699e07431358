/**
 * H.264 has few rungs, and what arrives of it through a queue that is shared with others is what was sent. So
 * a link that carries about all of it is given less only if that does not change for this time; a session
 * with more bits gives way sooner. Milliseconds times bits a second, squared.
 */
const PATIENCE = 600 * 2_500_000 ** 2;
/** The part of what is given that counts as about all. */
const ABOUT_ALL = 0.75;
/** What is noticed within this time is the same congestion. Milliseconds. */
const SAME_MS = 500;

/** Knows for how long a link has been congested. Times are monotonic, in milliseconds. */
export class Strain {
  #since = -Infinity;
  #at = -Infinity;

  /** Notes that the link is congested. */
  notice(now: number): void {
    if (now - this.#at > SAME_MS) this.#since = now;
    this.#at = now;
  }

  /**
   * Returns whether H.264 that needs so many bits a second may go on as it is, on a link of this capacity; if
   * not, counts anew from now on.
   */
  isBearable(now: number, need: number, capacity: number): boolean {
    if (capacity < ABOUT_ALL * need) return false;
    if (now - this.#since < PATIENCE / need ** 2) return true;
    this.#since = now;
    return false;
  }
}
