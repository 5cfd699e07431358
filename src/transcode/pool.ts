import type { LumaPlane } from "../media/luma_plane.ts";
import type { Frame } from "../media/packet.ts";
import type { Rendition } from "../media/rendition.ts";
import type { Orientation } from "../media/jpeg/exif.ts";
import type { Logger } from "../log/log.ts";
import { heldForCodec } from "../pictures/imagescript.ts";
import type { CodecName } from "./codec.ts";
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
  /** Monotonic time, milliseconds. */
  readonly now?: () => number;
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
  /** Pictures that were left out because a newer frame waited. */
  readonly skipped: number;
  /** Pictures that came after the same of a newer frame and were dropped. */
  readonly late: number;
  /** Frames that no codec could read. */
  readonly corrupt: number;
  /** Frames with damaged data that were made into renditions all the same. */
  readonly repaired: number;
  /** Workers that died or hung and were replaced. */
  readonly replaced: number;
}

/** What is to be made of a frame, all from one decode. */
export interface Job {
  readonly frame: Frame;
  /** Made in this order; the last ones are left out when a newer frame waits. */
  readonly renditions: readonly Rendition[];
  /** How many of them are made all the same. */
  readonly least: number;
  /** An earlier frame's luma plane, for filters that look for motion. */
  readonly previous?: LumaPlane;
  /** With it, the frame is turned so and is the only output; `renditions` is to be one, the source's. */
  readonly orientation?: Orientation;
  /** Takes each picture as soon as it is made; the index is that in `renditions`. */
  readonly onOutput: (index: number, jpeg: Uint8Array<ArrayBuffer>) => void;
  /** Called if the rest cannot be made: no codec reads the frame, or its thread died or hung. */
  readonly onFailure: () => void;
}

interface AcceptedJob extends Job {
  readonly resolve: (luma: LumaPlane | null) => void;
}

/** A job that a worker does. */
interface Running extends AcceptedJob {
  readonly id: number;
  /** How many pictures of it have come. */
  made: number;
}

interface Slot {
  readonly worker: WorkerLike;
  /** The job that the worker is to end early; shared with it. */
  readonly hurried: Int32Array;
  job: Running | null;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether it has ever answered; one that has not would only die again at once. */
  proven: boolean;
}

/** A worker that takes this long is taken to hang. Milliseconds. */
const JOB_TIMEOUT_MS = 10_000;

/**
 * A job that a newer frame waits for so long is ended early; what is left of it is often done by
 * then. Milliseconds.
 */
const HURRY_AFTER_MS = 10;

/** How long to wait before replacing a worker that never answered. Milliseconds. */
const RESTART_AFTER_MS = 1000;

function startWorker(): WorkerLike {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}

function fail(job: AcceptedJob): void {
  job.onFailure();
  job.resolve(null);
}

/** How often bad frames are told of. Milliseconds. */
const WARN_EVERY_MS = 10_000;

/**
 * Gives frames to worker threads, the newest first: while all are busy only the newest frame's jobs
 * wait, and not for long, as the oldest one that is being done then makes no more than its least.
 */
export class TranscoderPool {
  readonly #options: Required<PoolOptions>;
  readonly #slots: Slot[] = [];
  /** Jobs of one frame, the newest, that wait for a worker. */
  #waiting: AcceptedJob[] = [];
  /** Runs while the newest frame waits. */
  #hurryTimer: ReturnType<typeof setTimeout> | undefined;
  /** Timers of workers that are to be started again. */
  readonly #restarts = new Set<ReturnType<typeof setTimeout>>();
  #nextId = 0;
  /** The newest frame of which each rendition was made. */
  readonly #newestMade = new Map<Rendition, number>();
  #stopped = false;
  #warnedAt = -Infinity;
  #warnedOf = "";
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

  constructor(options: PoolOptions) {
    const now = () => performance.now();
    this.#options = { createWorker: startWorker, now, onJob: () => {}, ...options };
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
   * Makes renditions of a frame.
   *
   * @returns Its luma plane, once all is made or left out; `null` where that failed, it was only
   * turned, or a newer frame took its place.
   */
  transcode(job: Job): Promise<LumaPlane | null> {
    if (this.#stopped) return Promise.resolve(null);
    return new Promise((resolve) => {
      const newestWaiting = this.#waiting[0]?.frame.sequence ?? 0;
      if (job.frame.sequence > newestWaiting) {
        this.#stats.superseded += this.#waiting.length;
        for (const job of this.#waiting) job.resolve(null);
        this.#waiting = [];
      }
      this.#waiting.push({ ...job, resolve });
      this.#assign();
      if (this.#waiting.length > 0) {
        this.#hurryTimer ??= setTimeout(() => this.#hurry(), HURRY_AFTER_MS);
      }
    });
  }

  /** Ends all workers; what they were making is given as `null`. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    clearTimeout(this.#hurryTimer);
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
    const hurried = new SharedArrayBuffer(4);
    const slot: Slot = {
      worker,
      hurried: new Int32Array(hurried),
      job: null,
      timer: undefined,
      proven: false,
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#replace(slot, event.message);
    };
    worker.onmessageerror = () => this.#replace(slot, "its answer could not be read");
    const { codec } = this.#options;
    worker.postMessage({ codec, files: heldForCodec(), hurried } satisfies WorkerRequest);
    return slot;
  }

  #assign(): void {
    for (const slot of this.#slots) {
      if (slot.job) continue;
      const job = this.#waiting.shift();
      if (!job) break;
      this.#run(slot, job);
    }
    if (this.#waiting.length > 0) return;
    clearTimeout(this.#hurryTimer);
    this.#hurryTimer = undefined;
  }

  /** Has the oldest job ended early, if a newer frame still waits. */
  #hurry(): void {
    this.#hurryTimer = undefined;
    const waiting = this.#waiting[0]?.frame.sequence ?? 0;
    let oldest: Slot | null = null;
    for (const slot of this.#slots) {
      const { job } = slot;
      if (!job || job.id === slot.hurried[0] || job.frame.sequence >= waiting) continue;
      if (!oldest || job.frame.sequence < oldest.job!.frame.sequence) oldest = slot;
    }
    if (oldest) Atomics.store(oldest.hurried, 0, oldest.job!.id);
  }

  #run(slot: Slot, accepted: AcceptedJob): void {
    const id = ++this.#nextId;
    const startedAt = this.#options.now();
    const job: Running = { ...accepted, id, made: 0 };
    slot.job = job;
    slot.timer = setTimeout(() => this.#replace(slot, "it hung"), JOB_TIMEOUT_MS);
    slot.worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
      if (data.id !== id) return;
      if ("output" in data) return this.#take(job, data.index, data.output);
      this.#options.onJob(this.#options.now() - startedAt);
      this.#finish(slot, job, data);
    };
    const { frame, renditions, least, previous, orientation } = job;
    // The frame itself stays: viewers are being sent it. The worker gets a copy to keep.
    const jpeg = frame.data.slice();
    const request = { id, jpeg, renditions, least, previous, orientation } satisfies WorkerRequest;
    slot.worker.postMessage(request, [jpeg.buffer]);
  }

  #take(job: Running, index: number, jpeg: Uint8Array<ArrayBuffer>): void {
    job.made++;
    const { sequence } = job.frame;
    const rendition = job.renditions[index];
    if (sequence < (this.#newestMade.get(rendition) ?? 0)) {
      this.#stats.late++;
      return;
    }
    this.#newestMade.set(rendition, sequence);
    this.#stats.renditions++;
    job.onOutput(index, jpeg);
  }

  #finish(slot: Slot, job: Running, answer: Exclude<WorkerAnswer, { output: unknown }>): void {
    clearTimeout(slot.timer);
    slot.job = null;
    slot.proven = true;
    if ("error" in answer) {
      this.#stats.corrupt++;
      this.#tell(job, answer.error);
      fail(job);
    } else {
      this.#stats.transcoded++;
      if (answer.isDamaged) this.#stats.repaired++;
      this.#stats.skipped += job.renditions.length - job.made;
      job.resolve(answer.luma);
    }
    this.#assign();
  }

  /**
   * Warns of a frame that no codec reads, but of one in ten seconds only, and once of frames that all
   * fail in the same way: where one comes, many may.
   */
  #tell({ frame, orientation }: Job, error: string): void {
    const now = this.#options.now();
    const isNews = error !== this.#warnedOf && now - this.#warnedAt >= WARN_EVERY_MS;
    if (isNews) [this.#warnedAt, this.#warnedOf] = [now, error];
    const what = orientation === undefined
      ? `Cannot transcode frame ${frame.sequence}, viewers get it unchanged`
      : `Cannot turn frame ${frame.sequence}`;
    const message = `${what}: ${error}`;
    this.#options.log[isNews ? "warn" : "debug"](message);
  }

  #replace(slot: Slot, why: string): void {
    const index = this.#slots.indexOf(slot);
    if (index < 0) return;
    clearTimeout(slot.timer);
    slot.worker.terminate();
    this.#slots.splice(index, 1);
    this.#stats.replaced++;
    this.#options.log.warn(`Replacing a transcoder thread: ${why}`);
    if (slot.job) fail(slot.job);
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
