import { Pause } from "./ffmpeg/pause.ts";
import type { Source } from "./ffmpeg/source.ts";

/** Pause between two looks: each is a start of ffmpeg. Milliseconds. */
const LOOK_EVERY_MS = 2_000;

export interface LookoutOptions {
  /** Lists the cameras that are connected. */
  readonly find: () => Promise<readonly Source[]>;
  /** Opens a camera and returns whether it gives pictures; gives up when `signal` aborts. */
  readonly open: (camera: Source, signal: AbortSignal) => Promise<boolean>;
}

/** Looks for a camera again and again, until one gives pictures. */
export class Lookout {
  readonly #options: LookoutOptions;
  readonly #pause = new Pause();
  #stopping: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  /** Begins to look, unless it does already. */
  start(): void {
    if (this.#stopping !== null) return;
    this.#stopping = new AbortController();
    this.#running = this.#look(this.#stopping.signal);
  }

  /** Looks no more; waits until a camera that is being opened is closed or shown. */
  async stop(): Promise<void> {
    this.#stopping?.abort();
    this.#pause.end();
    await this.#running;
  }

  async #look(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#pause.wait(LOOK_EVERY_MS);
      if (signal.aborted || await this.#openOne(signal)) break;
    }
    this.#stopping = null;
  }

  /** Returns whether a camera gives pictures. One that another program uses does not hide the next. */
  async #openOne(signal: AbortSignal): Promise<boolean> {
    for (const camera of await this.#options.find()) {
      if (signal.aborted) return false;
      if (await this.#options.open(camera, signal)) return true;
    }
    return false;
  }
}
