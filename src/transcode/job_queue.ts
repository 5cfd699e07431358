import type { Job } from "./job.ts";

/** What the queue reads of a job. */
export type QueuedJob = Pick<Job, "stream" | "frame">;

/**
 * Holds the jobs that wait for a thread. Within a stream newest wins: only the jobs of its newest
 * frame wait. Between streams it is fair: each in turn, the one that has waited longest first.
 */
export class JobQueue<Waiting extends QueuedJob> {
  /** The jobs of each stream's newest frame. A stream keeps its place when a newer frame comes. */
  readonly #waiting = new Map<string, Waiting[]>();

  /** Whether no job waits. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Returns whether a newer frame of the job's stream waits, or any frame of another stream. */
  hasNext({ stream, frame }: QueuedJob): boolean {
    if (this.#waiting.size > 1) return true;
    const [waiting] = this.#waiting.values();
    if (!waiting) return false;
    return waiting[0].stream !== stream || waiting[0].frame.sequence > frame.sequence;
  }

  /** Adds a job. Returns the jobs of an older frame that it replaces. */
  add(job: Waiting): readonly Waiting[] {
    const waiting = this.#waiting.get(job.stream);
    if (waiting && job.frame.sequence <= waiting[0].frame.sequence) {
      waiting.push(job);
      return [];
    }
    this.#waiting.set(job.stream, [job]);
    return waiting ?? [];
  }

  /** Removes and returns the next job; the rest of its frame's jobs go behind the other streams. */
  take(): Waiting | undefined {
    const [waiting] = this.#waiting.values();
    if (!waiting) return undefined;
    const [job, ...rest] = waiting;
    this.#waiting.delete(job.stream);
    if (rest.length > 0) this.#waiting.set(job.stream, rest);
    return job;
  }

  /** Removes and returns every job. */
  clear(): readonly Waiting[] {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    return all;
  }
}
