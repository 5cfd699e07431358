import type { Ladder } from "../consumers/session/ladder.ts";
import type { Consumer } from "../streams/hub.ts";
import type { Rendition } from "../media/rendition.ts";
import type { Viewer } from "../consumers/session/viewer.ts";

/** Between two renditions that are made only to see how large they are. Milliseconds. */
const EVERY_MS = 200;

/**
 * Watches like a viewer, to learn how large those renditions are that nobody watches but that some
 * viewer's link may soon need. While every link carries what was asked of it, it wants nothing.
 */
export class Surveyor implements Consumer {
  readonly followsMotion = false;
  readonly origin = null;
  readonly #ladder: Ladder;
  readonly #now: () => number;
  /** What viewers would have whose link or share gives less. */
  #ceilings: readonly Rendition[] = [];
  #askedAt = -Infinity;

  constructor(ladder: Ladder, now: () => number) {
    this.#ladder = ladder;
    this.#now = now;
  }

  /** To be called some times a second with everyone who watches. */
  watch(viewers: Iterable<Viewer>): void {
    this.#ceilings = [...viewers].filter((viewer) => viewer.isLowered).map((viewer) =>
      viewer.ceiling
    );
  }

  wants(): Rendition | null {
    const now = this.#now();
    if (this.#ceilings.length === 0 || now - this.#askedAt < EVERY_MS) return null;
    for (const ceiling of this.#ceilings) {
      const unmeasured = this.#ladder.unmeasured(ceiling, now);
      if (!unmeasured) continue;
      this.#askedAt = now;
      return unmeasured;
    }
    return null;
  }

  /** The hub tells of the size of every part, so there is nothing to do with it. */
  deliver(): void {}
}
