import { BoundedMap } from "../bounded_map.ts";
import type { LogEntry } from "./entry.ts";

/** So often a message is written within this time; then it is only counted. */
const MAX_TIMES = 5;
const WINDOW_MS = 60_000;
/** Messages that are watched at one time; beyond that the oldest are let go. */
const MAX_WATCHED = 200;
/** What tells one message from another. Characters. */
const KEY_LENGTH = 200;

interface Watched {
  from: number;
  times: number;
  /** The newest of those that were only counted. */
  held: LogEntry | null;
  /** How many they are. */
  count: number;
}

/**
 * Keeps a message that repeats itself from filling the log. Two messages are the same if no more
 * than their numbers differ, whatever their fields.
 */
export class Repeats {
  readonly #now: () => number;
  readonly #watched = new BoundedMap<string, Watched>(MAX_WATCHED);

  /** @param now Milliseconds of a clock that nobody sets. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What is to be written now: the entry, unless it is one too many, after summaries that are due. */
  take(entry: LogEntry): LogEntry[] {
    const due = this.settle();
    const key = `${entry.level} ${entry.message.slice(0, KEY_LENGTH).replace(/\d+/g, "#")}`;
    let watched = this.#watched.get(key);
    if (!watched) {
      watched = { from: this.#now(), times: 0, held: null, count: 0 };
      const forgotten = this.#watched.set(key, watched);
      if (forgotten) due.push(...summaryOf(forgotten[1], this.#now()));
    }
    watched.times++;
    if (watched.times <= MAX_TIMES) return [...due, entry];
    watched.held = entry;
    watched.count++;
    return due;
  }

  /** Summaries of what was only counted, once their time is over. */
  settle(): LogEntry[] {
    const now = this.#now();
    const due: LogEntry[] = [];
    for (const [key, watched] of this.#watched) {
      if (now - watched.from < WINDOW_MS) continue;
      due.push(...summaryOf(watched, now));
      if (watched.held === null) this.#watched.delete(key);
      // While it goes on, one summary in each such time tells enough.
      else Object.assign(watched, { from: now, held: null, count: 0 });
    }
    return due;
  }

  /** Summaries of all that was only counted; for the end. */
  flush(): LogEntry[] {
    const now = this.#now();
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
