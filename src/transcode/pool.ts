import type { Frame, LumaPlane, Rendition } from "../frame.ts";
import type { Logger } from "../log.ts";
import { heldForCodec } from "../pictures/imagescript.ts";
import type { CodecName, Transcoded } from "./codec.ts";
import type { WorkerAnswer, WorkerRequest } from "./worker.ts";

/** What the pool needs of a Web Worker. */
export type WorkerLike = Pick<
  Worker,
  "postMessage" | "terminate" | "onmessage" | "onerror" | "onmessageerror"
>;

export interface PoolOptions {
  readonly codec: CodecName;
  /** How many threads, at least 1. */
  readonly workers: number;
  readonly log: Logger;
  readonly createWorker?: () => WorkerLike;
  /** Told how long each job took a worker, its way there and back included. Milliseconds. */
  readonly onJob?: (milliseconds: number) => void;
}

/** What became of the frames given to the pool. */
export interface PoolStats {
  /** Frames that were made into renditions in time. */
  readonly transcoded: number;
  /** Pictures that were made of them. */
  readonly renditions: number;
  /** Jobs that a newer frame replaced before a worker was free. */
  readonly superseded: number;
  /** Results that came after a newer frame's and were dropped. */
  readonly late: number;
  /** Frames that no codec could read. */
  readonly corrupt: number;
  /** Workers that died or hung and were replaced. */
  readonly replaced: number;
}

interface Job {
  readonly frame: Frame;
  readonly renditions: readonly Rendition[];
  readonly previous?: LumaPlane;
  readonly resolve: (made: Transcoded | null) => void;
}

interface Slot {
  worker: WorkerLike;
  job: Job | null;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether it has ever answered; one that has not would only die again at once. */
  proven: boolean;
}

/** A worker that takes this long is taken to hang. Milliseconds. */
const JOB_TIMEOUT_MS = 10_000;

/** How long to wait before replacing a worker that never answered. Milliseconds. */
const RESTART_AFTER_MS = 1000;

function startWorker(): WorkerLike {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}

/** How often bad frames are told of. Milliseconds. */
const WARN_EVERY_MS = 10_000;

/**
 * Gives frames to worker threads, the newest first: while all are busy only the newest frame's
 * jobs wait, and what comes out after a newer frame is dropped.
 */
export class TranscoderPool {
  readonly #options: Required<PoolOptions>;
  readonly #slots: Slot[] = [];
  /** Jobs of one frame, the newest, that wait for a worker. */
  #waiting: Job[] = [];
  /** Timers of workers that are to be started again. */
  readonly #restarts = new Set<ReturnType<typeof setTimeout>>();
  #nextId = 0;
  #newestMade = 0;
  #stopped = false;
  #warnedAt = -Infinity;
  readonly #stats = {
    transcoded: 0,
    renditions: 0,
    superseded: 0,
    late: 0,
    corrupt: 0,
    replaced: 0,
  };

  constructor(options: PoolOptions) {
    this.#options = { createWorker: startWorker, onJob: () => {}, ...options };
    for (let i = 0; i < options.workers; i++) this.#add();
  }

  get stats(): PoolStats {
    return this.#stats;
  }

  /** Threads that are there; those that died before they ever answered are away for a second. */
  get running(): number {
    return this.#slots.length;
  }

  /**
   * Makes the renditions of a frame, all from one decode.
   *
   * @param previous An earlier frame's luma plane, for filters that look for motion.
   * @returns `null` where a newer frame took its place or the frame was corrupt.
   */
  transcode(
    frame: Frame,
    renditions: readonly Rendition[],
    previous?: LumaPlane,
  ): Promise<Transcoded | null> {
    if (this.#stopped) return Promise.resolve(null);
    return new Promise((resolve) => {
      const newestWaiting = this.#waiting[0]?.frame.sequence ?? 0;
      if (frame.sequence > newestWaiting) {
        this.#stats.superseded += this.#waiting.length;
        for (const job of this.#waiting) job.resolve(null);
        this.#waiting = [];
      }
      this.#waiting.push({ frame, renditions, previous, resolve });
      this.#assign();
    });
  }

  /** Ends all workers; what they were making is given as `null`. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    for (const slot of this.#slots) {
      clearTimeout(slot.timer);
      slot.worker.terminate();
      slot.job?.resolve(null);
    }
    for (const job of this.#waiting) job.resolve(null);
    this.#slots.length = 0;
    this.#waiting = [];
  }

  #start(): Slot {
    const worker = this.#options.createWorker();
    const slot: Slot = { worker, job: null, timer: undefined, proven: false };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#replace(slot, event.message);
    };
    worker.onmessageerror = () => this.#replace(slot, "its answer could not be read");
    const { codec } = this.#options;
    worker.postMessage({ codec, files: heldForCodec() } satisfies WorkerRequest);
    return slot;
  }

  #assign(): void {
    for (const slot of this.#slots) {
      if (slot.job) continue;
      const job = this.#waiting.shift();
      if (!job) return;
      this.#run(slot, job);
    }
  }

  #run(slot: Slot, job: Job): void {
    const id = ++this.#nextId;
    const startedAt = performance.now();
    slot.job = job;
    slot.timer = setTimeout(() => this.#replace(slot, "it hung"), JOB_TIMEOUT_MS);
    slot.worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
      if (data.id !== id) return;
      this.#options.onJob(performance.now() - startedAt);
      this.#finish(slot, job, data);
    };
    // The frame itself stays: viewers are being sent it. The worker gets a copy to keep.
    const jpeg = job.frame.jpeg.slice();
    const { renditions, previous } = job;
    slot.worker.postMessage({ id, jpeg, renditions, previous } satisfies WorkerRequest, [
      jpeg.buffer,
    ]);
  }

  #finish(slot: Slot, job: Job, answer: WorkerAnswer): void {
    clearTimeout(slot.timer);
    slot.job = null;
    slot.proven = true;
    job.resolve(this.#judge(job, answer));
    this.#assign();
  }

  #judge({ frame, renditions }: Job, answer: WorkerAnswer): Transcoded | null {
    if ("error" in answer) {
      this.#stats.corrupt++;
      this.#tell(`Cannot transcode frame ${frame.sequence}: ${answer.error}`);
      return null;
    }
    if (frame.sequence < this.#newestMade) {
      this.#stats.late++;
      return null;
    }
    this.#newestMade = frame.sequence;
    this.#stats.transcoded++;
    this.#stats.renditions += renditions.length;
    return answer.made;
  }

  /** Warns of a bad frame, but of one in ten seconds only: where one comes, many may. */
  #tell(message: string): void {
    const now = performance.now();
    const isTime = now - this.#warnedAt >= WARN_EVERY_MS;
    if (isTime) this.#warnedAt = now;
    this.#options.log[isTime ? "warn" : "debug"](message);
  }

  #replace(slot: Slot, why: string): void {
    const index = this.#slots.indexOf(slot);
    if (index < 0) return;
    clearTimeout(slot.timer);
    slot.worker.terminate();
    this.#slots.splice(index, 1);
    this.#stats.replaced++;
    this.#options.log.warn(`Replacing a transcoder thread: ${why}`);
    slot.job?.resolve(null);
    if (slot.proven) this.#add();
    else this.#addLater();
  }

  #addLater(): void {
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#add();
    }, RESTART_AFTER_MS);
    this.#restarts.add(timer);
  }

  #add(): void {
    this.#slots.push(this.#start());
    this.#assign();
  }
}
