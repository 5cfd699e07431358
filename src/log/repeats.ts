import { BoundedMap } from "../bounded_map.ts";
import type { Clock } from "../clock.ts";
import type { LogEntry } from "./entry.ts";

/** How often a message is written within the window; further ones are only counted. */
const MAX_TIMES = 5;
const WINDOW_MS = 60_000;
/** The most messages watched at a time; the oldest are forgotten. */
const MAX_WATCHED = 200;
/** How much of a message distinguishes it from others. Characters. */
const KEY_LENGTH = 200;

interface Watched {
  from: number;
  times: number;
  /** The newest that was only counted. */
  held: LogEntry | null;
  /** How many were only counted. */
  count: number;
}

/**
 * Keeps repeated messages from filling the log. Two messages are the same if only their numbers differ,
 * whatever their fields.
 */
export class Repeats {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #watched = new BoundedMap<string, Watched>(MAX_WATCHED);

  /** Creates one that has seen no message. */
  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Returns what to write now: the summaries that are due, and the entry unless it is one too many. */
  take(entry: LogEntry): LogEntry[] {
    const due = this.settle();
    const key = `${entry.level} ${entry.message.slice(0, KEY_LENGTH).replace(/\d+/g, "#")}`;
    let watched = this.#watched.get(key);
    if (!watched) {
      watched = { from: this.#clock.monotonic(), times: 0, held: null, count: 0 };
      const forgotten = this.#watched.set(key, watched);
      if (forgotten) due.push(...summaryOf(forgotten[1], this.#clock.monotonic()));
    }
    watched.times++;
    if (watched.times <= MAX_TIMES) return [...due, entry];
    watched.held = entry;
    watched.count++;
    return due;
  }

  /** Returns the summaries of what was only counted, for each window that is over. */
  settle(): LogEntry[] {
    const now = this.#clock.monotonic();
    const due: LogEntry[] = [];
    for (const [key, watched] of this.#watched) {
      if (now - watched.from < WINDOW_MS) continue;
      due.push(...summaryOf(watched, now));
      if (watched.held === null) this.#watched.delete(key);
      // While the message keeps repeating, one summary a window is enough.
      else Object.assign(watched, { from: now, held: null, count: 0 });
    }
    return due;
  }

  /** Returns the summaries of all that was only counted, before the program ends. */
  flush(): LogEntry[] {
    const now = this.#clock.monotonic();
    return [...this.#watched].flatMap(([key, watched]) => {
      this.#watched.delete(key);
      return summaryOf(watched, now);
    });
  }
}

function summaryOf({ from, held, count }: Watched, now: number): LogEntry[] {
  if (held === null) return [];
  const times = count === 1 ? "once more" : `${count} times more`;
  const seconds = Math.max(1, Math.round((now - from) / 1000));
  return [{ ...held, message: `${held.message} (repeated ${times} in the last ${seconds} s)` }];
}
