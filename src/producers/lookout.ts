import { Pause } from "./ffmpeg/pause.ts";
import type { Source } from "./ffmpeg/source.ts";

/** Pause between two searches, each of which starts ffmpeg. Milliseconds. */
const LOOK_EVERY_MS = 2_000;

/** Options of {@linkcode Lookout}. */
export interface LookoutOptions {
  /** Lists the cameras that are connected. */
  readonly find: () => Promise<readonly Source[]>;
  /** Opens a camera and returns whether it gives frames; gives up when `signal` aborts. */
  readonly open: (camera: Source, signal: AbortSignal) => Promise<boolean>;
}

/** Searches for a camera repeatedly until one gives frames. */
export class Lookout {
  readonly #options: LookoutOptions;
  readonly #pause = new Pause();
  #stopping: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();

  /** Creates a lookout that waits for {@linkcode start}. */
  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  /** Starts the search, unless it is running. */
  start(): void {
    if (this.#stopping !== null) return;
    this.#stopping = new AbortController();
    this.#running = this.#look(this.#stopping.signal);
  }

  /** Ends the search; waits until a camera that is being opened is closed or shown. */
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

  /** Returns whether a camera gives frames. One that another program uses does not hide the next. */
  async #openOne(signal: AbortSignal): Promise<boolean> {
    for (const camera of await this.#options.find()) {
      if (signal.aborted) return false;
      if (await this.#options.open(camera, signal)) return true;
    }
    return false;
  }
}
