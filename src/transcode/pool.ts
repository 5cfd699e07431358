import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Logger } from "../log/log.ts";
import type { LumaPlane } from "../media/luma_plane.ts";
import type { Rendition } from "../media/rendition.ts";
import { BadFrameLog } from "./bad_frame_log.ts";
import type { CodecName } from "./codec.ts";
import type { Job } from "./job.ts";
import { JobQueue } from "./job_queue.ts";
import { startWorker, TranscoderThread, type WorkerLike } from "./thread.ts";
import type { WorkerAnswer } from "./worker.ts";

/** How to set up a {@linkcode TranscoderPool}. */
export interface PoolOptions {
  /** The codec that every thread uses. */
  readonly codec: CodecName;
  /** How many threads, at least 1. */
  readonly workers: number;
  /** Where bad frames and replaced threads are logged. */
  readonly log: Logger;
  /** Starts a worker. Default: a Web Worker that runs `worker.ts`. */
  readonly createWorker?: () => WorkerLike;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
  /** Called with the time each job took, including the way to the worker and back. Milliseconds. */
  readonly onJob?: (milliseconds: number) => void;
}

/** Counts of frames and renditions, by outcome. They only rise. */
export interface PoolStats {
  /** Frames of which renditions were made. */
  readonly transcoded: number;
  /** Outputs that were made of them. */
  readonly renditions: number;
  /** Jobs that a newer frame of their stream replaced before a thread was free. */
  readonly superseded: number;
  /** Outputs that were skipped because another frame waited. */
  readonly skipped: number;
  /** Outputs that arrived after the same rendition of a newer frame and were dropped. */
  readonly late: number;
  /** Frames that no codec could read. */
  readonly corrupt: number;
  /** Frames with damaged data of which renditions were made all the same. */
  readonly repaired: number;
  /** Threads that died or hung and were replaced. */
  readonly replaced: number;
}

/** A job that waits for a thread. */
interface AcceptedJob extends Job {
  readonly resolve: (luma: LumaPlane | null) => void;
}

/** A job that a thread does. */
interface RunningJob extends AcceptedJob {
  readonly startedAt: number;
  /** Renditions that were made of a newer frame meanwhile. */
  readonly overtaken: Set<Rendition>;
  /** How many outputs of it have arrived. */
  made: number;
}

/** When another frame has waited for this long, the oldest job is cut short. Milliseconds. */
const HURRY_AFTER_MS = 10;

/** How long to wait before replacing a thread that never finished a job. Milliseconds. */
const RESTART_AFTER_MS = 1000;

/**
 * Gives the frames of all streams to worker threads. While every thread is busy, only the jobs of
 * each stream's newest frame wait, and not for long: the oldest running job is then cut short.
 * Jobs that are deferred take no thread from the others, and never the last one of several.
 */
export class TranscoderPool {
  readonly #options: Required<PoolOptions>;
  readonly #threads: TranscoderThread[] = [];
  readonly #queue = new JobQueue<AcceptedJob>();
  /** Those that make way for the others. */
  readonly #deferred = new JobQueue<AcceptedJob>();
  /** What each busy thread does, the oldest job first. */
  readonly #running = new Map<TranscoderThread, RunningJob>();
  readonly #badFrames: BadFrameLog;
  /** Runs while jobs wait. */
  #hurryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Timers of threads that are to be started again. */
  readonly #restarts = new Set<ReturnType<typeof setTimeout>>();
  #isStopped = false;
  readonly #stats = {
    transcoded: 0,
    renditions: 0,
    superseded: 0,
    skipped: 0,
    late: 0,
    corrupt: 0,
    repaired: 0,
    replaced: 0,
  };

  /** Starts the threads. */
  constructor(options: PoolOptions) {
    const { createWorker = startWorker, clock = SYSTEM_CLOCK, onJob = () => {} } = options;
    this.#options = { ...options, createWorker, clock, onJob };
    this.#badFrames = new BadFrameLog(options.log);
    for (let i = 0; i < options.workers; i++) this.#add();
  }

  /** Returns the pool's counts, which go on rising. */
  get stats(): PoolStats {
    return this.#stats;
  }

  /** Returns how many threads run; one that died before it finished a job is away for a second. */
  get running(): number {
    return this.#threads.length;
  }

  /** Why fewer threads run than should, for the streamer; `null` while all do. */
  get shortage(): string | null {
    const { running } = this;
    if (running >= this.#options.workers) return null;
    return `Only ${running} of ${this.#options.workers} threads are running; the others are restarting`;
  }

  /**
   * Makes renditions of a frame.
   *
   * @returns Its luma plane once every output is made or skipped; `null` if that failed, the frame was
   * only turned, or a newer one took its place.
   */
  transcode(job: Job): Promise<LumaPlane | null> {
    if (this.#isStopped) return Promise.resolve(null);
    return new Promise((resolve) => {
      const queue = job.isDeferred ? this.#deferred : this.#queue;
      const superseded = queue.add({ ...job, resolve });
      this.#stats.superseded += superseded.length;
      for (const { resolve } of superseded) resolve(null);
      this.#assign();
    });
  }

  /** Ends every thread; jobs that were not finished resolve to `null`. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    clearTimeout(this.#hurryTimer);
    for (const thread of this.#threads) thread.stop();
    const waiting = [...this.#queue.clear(), ...this.#deferred.clear()];
    for (const { resolve } of [...this.#running.values(), ...waiting]) resolve(null);
    this.#threads.length = 0;
    this.#running.clear();
  }

  #assign(): void {
    for (const thread of this.#threads) {
      if (this.#running.has(thread)) continue;
      const job = this.#queue.take() ?? this.#takeDeferred();
      if (!job) break;
      this.#run(thread, job);
    }
    if (this.#queue.isEmpty && this.#deferred.isEmpty) {
      clearTimeout(this.#hurryTimer);
      this.#hurryTimer = undefined;
    } else {
      this.#hurryTimer ??= setTimeout(() => this.#hurry(), HURRY_AFTER_MS);
    }
  }

  /** Removes and returns a job that makes way for others, unless a thread must stay free for these. */
  #takeDeferred(): AcceptedJob | undefined {
    let deferred = 0;
    for (const job of this.#running.values()) if (job.isDeferred) deferred++;
    // A frame that comes while every thread is busy would be late.
    if (deferred > 0 && deferred >= this.#threads.length - 1) return undefined;
    return this.#deferred.take();
  }

  /** Cuts the oldest job short, if another frame still waits. */
  #hurry(): void {
    this.#hurryTimer = undefined;
    for (const [thread, job] of this.#running) {
      const isAwaited = job.isDeferred
        ? !this.#queue.isEmpty || this.#deferred.hasNext(job)
        : this.#queue.hasNext(job);
      if (thread.isHurried || !isAwaited) continue;
      thread.hurry();
      break;
    }
  }

  #run(thread: TranscoderThread, accepted: AcceptedJob): void {
    const startedAt = this.#options.clock.monotonic();
    const job: RunningJob = { ...accepted, startedAt, overtaken: new Set(), made: 0 };
    this.#running.set(thread, job);
    thread.run(job, (answer) => {
      if ("output" in answer) this.#take(job, answer.index, answer.output);
      else this.#finish(thread, job, answer);
    });
  }

  #take(job: RunningJob, index: number, jpeg: Uint8Array<ArrayBuffer>): void {
    job.made++;
    const rendition = job.renditions[index];
    if (job.overtaken.has(rendition)) {
      this.#stats.late++;
      return;
    }
    for (const { stream, frame, overtaken } of this.#running.values()) {
      const isOlder = stream === job.stream && frame.sequence < job.frame.sequence;
      if (isOlder) overtaken.add(rendition);
    }
    this.#stats.renditions++;
    job.onOutput(index, jpeg);
  }

  #finish(
    thread: TranscoderThread,
    job: RunningJob,
    answer: Exclude<WorkerAnswer, { output: unknown }>,
  ): void {
    const now = this.#options.clock.monotonic();
    this.#options.onJob(now - job.startedAt);
    this.#running.delete(thread);
    if ("error" in answer) {
      this.#stats.corrupt++;
      this.#badFrames.add(job, answer.error, now);
      fail(job);
    } else {
      this.#stats.transcoded++;
      if (answer.isDamaged) this.#stats.repaired++;
      this.#stats.skipped += job.renditions.length - job.made;
      job.resolve(answer.luma);
    }
    this.#assign();
  }

  #add(): void {
    const { codec, createWorker } = this.#options;
    const thread: TranscoderThread = new TranscoderThread(
      createWorker(),
      codec,
      (why) => this.#replace(thread, why),
    );
    this.#threads.push(thread);
    this.#assign();
  }

  #replace(thread: TranscoderThread, why: string): void {
    const index = this.#threads.indexOf(thread);
    if (index < 0) return;
    thread.stop();
    this.#threads.splice(index, 1);
    this.#stats.replaced++;
    this.#options.log.warn(`Replacing a transcoder thread: ${why}`);
    const job = this.#running.get(thread);
    this.#running.delete(thread);
    if (job) fail(job);
    if (thread.hasAnswered) this.#add();
    else this.#addLater();
  }

  #addLater(): void {
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#add();
    }, RESTART_AFTER_MS);
    this.#restarts.add(timer);
  }
}

function fail(job: AcceptedJob): void {
  job.onFailure();
  job.resolve(null);
}
