import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { EventLog } from "./event_log.ts";

/** Motion ends when nothing has moved for this long. Milliseconds. */
const STILL_MS = 2_500;

/** For so long after the picture returned, it differs from what was there before, such as a card. Milliseconds. */
const SETTLE_MS = 1_000;

/** What {@linkcode MotionAlarm} is built with. */
export interface MotionAlarmOptions {
  /** Receives when motion begins and ends. */
  readonly events: Pick<EventLog, "add" | "hasListeners">;
  /** Whether viewers see the camera. */
  readonly isVisible: () => boolean;
  /** Called when frames are to be watched from now on, or not any more. */
  readonly watch: (isWatched: boolean) => void;
  /** Default: the system's clock. */
  readonly clock?: Clock;
}

/** Says when motion begins and ends. Frames are measured only while somebody listens. */
export class MotionAlarm {
  readonly #options: Required<MotionAlarmOptions>;
  /** Since when viewers see the camera; `null` while they do not, or nobody listens. Monotonic time. */
  #visibleSince: number | null = null;
  #isWatched = false;
  /** When motion began and was last seen, as wall and monotonic time; `null` while nothing moves. */
  #motion: { readonly from: number; last: number; seenAt: number } | null = null;

  /** Watches nothing yet. */
  constructor(options: MotionAlarmOptions) {
    this.#options = { clock: SYSTEM_CLOCK, ...options };
  }

  /** Whether something moves. */
  get isMoving(): boolean {
    return this.#motion !== null;
  }

  /** Takes the wall time of a frame in which something moves. */
  moved(at: number): void {
    if (!this.#isWatched) return;
    const { clock, events } = this.#options;
    const isNew = this.#motion === null;
    this.#motion ??= { from: at, last: at, seenAt: 0 };
    this.#motion.last = at;
    this.#motion.seenAt = clock.monotonic();
    if (isNew) events.add({ type: "motion-begin" }, at);
  }

  /** The picture becomes another one at once, although nothing moves: another source, a card, a rotation. */
  interrupt(): void {
    this.#visibleSince = null;
    this.#setWatched(false);
    this.#end();
  }

  /** Does what is due. Call it four times a second. */
  tick(): void {
    const { clock, events, isVisible } = this.#options;
    const now = clock.monotonic();
    if (!events.hasListeners || !isVisible()) return this.interrupt();
    this.#visibleSince ??= now;
    if (now - this.#visibleSince >= SETTLE_MS) this.#setWatched(true);
    if (this.#motion && now - this.#motion.seenAt >= STILL_MS) this.#end();
  }

  #setWatched(isWatched: boolean): void {
    if (isWatched === this.#isWatched) return;
    this.#isWatched = isWatched;
    this.#options.watch(isWatched);
  }

  #end(): void {
    if (!this.#motion) return;
    const { from, last } = this.#motion;
    this.#motion = null;
    this.#options.events.add({
      type: "motion-end",
      seconds: Math.max(0, Math.round(last - from) / 1000),
    });
  }
}
