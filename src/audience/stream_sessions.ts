import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { StreamConditions } from "../consumers/session/conditions.ts";
import type { Session } from "../consumers/session/session.ts";
import type { Consumer } from "../streams/consumer.ts";
import { Surveyor } from "./surveyor.ts";

/** Where sessions get their frames: a stream. */
export interface Broadcast {
  /** Gives frames to a consumer from now on. */
  join(consumer: Consumer): void;
  /** Gives it no more. */
  leave(consumer: Consumer): void;
  /** Gives it the newest frame again. */
  refresh(consumer: Consumer): void;
}

/** The sessions of one stream. */
export class StreamSessions {
  /** What their quality depends on besides their choices. */
  readonly conditions: StreamConditions;
  readonly #broadcast: Broadcast;
  readonly #surveyor: Surveyor;
  readonly #sessions = new Set<Session>();
  #isFlowing = true;

  /** Begins with no session, and a surveyor on the stream. */
  constructor(
    broadcast: Broadcast,
    conditions: StreamConditions,
    clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK,
  ) {
    this.#broadcast = broadcast;
    this.conditions = conditions;
    this.#surveyor = new Surveyor(conditions, clock);
    broadcast.join(this.#surveyor);
  }

  /** How many there are. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Returns whether a session is still open. */
  has(session: Session): boolean {
    return this.#sessions.has(session);
  }

  /** Iterates over the open sessions. */
  [Symbol.iterator](): IterableIterator<Session> {
    return this.#sessions.values();
  }

  /** Adds a session, which gets no frames yet. */
  add(session: Session): void {
    this.#sessions.add(session);
  }

  /** Begins to give frames to a session. */
  begin(session: Session): void {
    this.#broadcast.join(session);
  }

  /** Removes a session that has ended. */
  remove(session: Session): void {
    this.#sessions.delete(session);
    this.#broadcast.leave(session);
  }

  /** Brings changed choices of a viewer to their running sessions at once. */
  refresh(id: string): void {
    for (const session of this.#sessions) {
      if (session.id === id) this.#broadcast.refresh(session);
    }
  }

  /**
   * Has renditions measured that a session's link may soon need, and shows the newest frame at once to all who
   * got H.264 when no more frames come. Call this a few times a second.
   */
  survey(): void {
    const { isFlowing } = this.conditions.flow;
    if (this.#isFlowing && !isFlowing) {
      for (const session of this.#sessions) {
        if (session.delivery.codec === "h264") this.#broadcast.refresh(session);
      }
    }
    this.#isFlowing = isFlowing;
    this.#surveyor.watch(this.#sessions);
  }
}
