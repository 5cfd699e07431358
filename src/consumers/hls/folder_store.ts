import type { FolderAnswer, FolderRequest, FolderTask } from "./folder_worker.ts";
import type { HlsStore } from "./store.ts";

/** What the store needs of a Web Worker. */
export type FolderWorker = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

/**
 * Starts the thread that writes into a folder. Call it before the permissions are given up.
 *
 * @param path Absolute.
 */
export function startFolderWorker(path: string): FolderWorker {
  return new Worker(new URL("./folder_worker.ts", import.meta.url), {
    type: "module",
    deno: { permissions: { read: [path], write: [path] } },
  });
}

/** A folder, by way of the thread that may use it. */
export class FolderStore implements HlsStore {
  readonly name: string;
  readonly #worker: FolderWorker;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  readonly #path: string;
  #isOpen: Promise<void> | null = null;
  #id = 0;
  #ended: Error | null = null;

  /** Keeps files in a folder. */
  constructor(path: string, worker: FolderWorker) {
    this.name = `folder ${path}`;
    this.#path = path;
    this.#worker = worker;
    worker.onmessage = ({ data: { id, error } }: MessageEvent<FolderAnswer>) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve();
      else waiting?.reject(new Error(error));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end("the thread that writes ended: restart the program");
    };
  }

  async put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#open();
    await this.#ask({ task: "put", name, bytes });
  }

  async remove(name: string): Promise<void> {
    await this.#open();
    await this.#ask({ task: "remove", name });
  }

  close(): void {
    this.#end("the program is ending");
    this.#worker.terminate();
  }

  /** Opens the folder once; after a failure, again. */
  #open(): Promise<void> {
    return this.#isOpen ??= this.#ask({ task: "open", path: this.#path }).catch((error) => {
      this.#isOpen = null;
      throw error;
    });
  }

  #ask(task: FolderTask): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended);
    const waiting = Promise.withResolvers<void>();
    const request: FolderRequest = { id: ++this.#id, task };
    this.#waiting.set(request.id, waiting);
    this.#worker.postMessage(request);
    return waiting.promise;
  }

  #end(reason: string): void {
    this.#ended = new Error(reason);
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
