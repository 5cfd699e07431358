import { heldForCodec } from "../pictures/imagescript.ts";
import type { CodecName } from "./codec.ts";
import type { Job } from "./job.ts";
import type { WorkerAnswer, WorkerRequest } from "./worker.ts";

/** What a thread needs of a Web Worker. */
export type WorkerLike = Pick<
  Worker,
  "postMessage" | "terminate" | "onmessage" | "onerror" | "onmessageerror"
>;

/** Starts a worker that transcodes. */
export function startWorker(): WorkerLike {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}

/** A worker that takes this long for a job is considered hung. Milliseconds. */
const JOB_TIMEOUT_MS = 10_000;

/** One worker, which does one job at a time. */
export class TranscoderThread {
  readonly #worker: WorkerLike;
  readonly #onFailure: (why: string) => void;
  /** The job that the worker should cut short; shared with it. */
  readonly #hurried = new Int32Array(new SharedArrayBuffer(4));
  #jobId = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasAnswered = false;

  /**
   * Sends the worker its codec.
   *
   * @param onFailure Called when the worker dies or hangs; the thread then has to be replaced.
   */
  constructor(worker: WorkerLike, codec: CodecName, onFailure: (why: string) => void) {
    this.#worker = worker;
    this.#onFailure = onFailure;
    worker.onerror = (event) => {
      event.preventDefault();
      onFailure(event.message);
    };
    worker.onmessageerror = () => onFailure("its answer could not be read");
    this.#post({ codec, files: heldForCodec(), hurried: this.#hurried.buffer });
  }

  /** Whether the worker has ever finished a job; one that has not would probably die again. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Whether the present job has been asked to hurry. */
  get isHurried(): boolean {
    return this.#hurried[0] === this.#jobId;
  }

  /**
   * Starts a job; the one before must have ended.
   *
   * @param onAnswer Takes the outputs, and then either the luma plane or an error, which ends the job.
   */
  run(job: Job, onAnswer: (answer: WorkerAnswer) => void): void {
    const id = ++this.#jobId;
    this.#timer = setTimeout(() => this.#onFailure("it hung"), JOB_TIMEOUT_MS);
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
      if (data.id !== id) return;
      if (!("output" in data)) {
        clearTimeout(this.#timer);
        this.#hasAnswered = true;
      }
      onAnswer(data);
    };
    const { frame, renditions, least, previous, orientation } = job;
    // The frame itself stays here, because sessions are sending it. The worker gets a copy to keep.
    const jpeg = frame.data.slice();
    this.#post({ id, jpeg, renditions, least, previous, orientation }, [jpeg.buffer]);
  }

  /** Asks the worker to make no more of its job than the least. */
  hurry(): void {
    Atomics.store(this.#hurried, 0, this.#jobId);
  }

  /** Ends the worker. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#worker.terminate();
  }

  #post(request: WorkerRequest, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }
}
