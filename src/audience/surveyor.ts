import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { StreamConditions } from "../consumers/session/conditions.ts";
import type { Session } from "../consumers/session/session.ts";
import type { Rendition } from "../media/rendition.ts";
import type { Consumer } from "../streams/consumer.ts";

/** Between two renditions that are made only to measure them. Milliseconds. */
const EVERY_MS = 140;

/**
 * Has renditions made that no session takes but that some session's link may soon need, to learn their
 * size. While every link carries what was chosen, it wants nothing.
 */
export class Surveyor implements Consumer {
  readonly followsMotion = false;
  readonly origin = null;
  readonly #conditions: Pick<StreamConditions, "ladder" | "flow">;
  readonly #clock: Pick<Clock, "monotonic">;
  /** What sessions would have whose link or share gives less. */
  #ceilings: readonly Rendition[] = [];
  #decidedAt = -Infinity;

  /** Measures what the ladder does not know, and the flow of the stream. */
  constructor(
    conditions: Pick<StreamConditions, "ladder" | "flow">,
    clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK,
  ) {
    this.#conditions = conditions;
    this.#clock = clock;
  }

  /** Looks for sessions that are given less than they could have. Call this a few times a second. */
  watch(sessions: Iterable<Pick<Session, "traffic">>): void {
    this.#ceilings = [...sessions].flatMap(({ traffic }) => traffic.loweredFrom ?? []);
  }

  decide(): Rendition | null {
    this.#conditions.flow.count();
    const now = this.#clock.monotonic();
    if (this.#ceilings.length === 0 || now - this.#decidedAt < EVERY_MS) return null;
    for (const ceiling of this.#ceilings) {
      const unmeasured = this.#conditions.ladder.unmeasured(ceiling, now);
      if (!unmeasured) continue;
      this.#decidedAt = now;
      return unmeasured;
    }
    return null;
  }

  /** Does nothing: the ladder learns the size of every part that the stream makes. */
  deliver(): void {}
}
