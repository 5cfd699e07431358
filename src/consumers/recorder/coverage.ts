import type { Rewind } from "../../live_messages.ts";

/** The promise falls to this part of what is kept, so that it need not fall again at once. */
const MARGIN = 0.95;

/** The promise rises once so much more than it is kept. Milliseconds, and a factor. */
const RISE = { ms: 2000, factor: 1.1 };

/**
 * Decides how far back viewers are promised that they can go. That changes seldom, because every change is
 * sent to every page.
 */
export class Coverage {
  readonly #maxSeconds: number;
  #since: number | null = null;
  #seconds: number;
  /** The newest frame that was lost before its time. */
  #lostAt = -Infinity;

  /** Promises nothing yet. */
  constructor(maxMs: number) {
    this.#maxSeconds = Math.floor(maxMs / 1000);
    this.#seconds = this.#maxSeconds;
  }

  /** What is promised; `null` for nothing. */
  get promise(): Rewind | null {
    const { since } = this;
    return since === null || this.#seconds < 1 ? null : { since, seconds: this.#seconds };
  }

  /** When the first frame was captured of those that are kept without end but by age; `null` for none. */
  get since(): number | null {
    return this.#since;
  }

  /** Notes the first frame after there was none. */
  begin(at: number): void {
    this.#since = at;
  }

  /** Notes that nothing is kept any more. */
  end(): void {
    this.#since = null;
    this.#lostAt = -Infinity;
    this.#seconds = this.#maxSeconds;
  }

  /** Notes that a frame is gone before its time. */
  lose(at: number): void {
    this.#lostAt = Math.max(this.#lostAt, at);
  }

  /** Adapts the promise to what is kept at that wall time. Returns whether it changed. */
  update(now: number): boolean {
    const before = this.#seconds;
    const kept = now - this.#lostAt;
    const promised = this.#seconds * 1000;
    if (kept >= this.#maxSeconds * 1000) this.#seconds = this.#maxSeconds;
    else if (kept <= promised || kept >= promised * RISE.factor + RISE.ms) {
      this.#seconds = Math.max(0, Math.floor(MARGIN * kept / 1000));
    }
    return this.#seconds !== before;
  }
}
