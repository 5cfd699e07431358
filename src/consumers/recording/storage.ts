import { UserError } from "../../errors.ts";
import type { RecordingName } from "./names.ts";
import type { StoredRecording } from "./stored_recording.ts";
import type { StorageAnswer, StorageRequest, StorageTask } from "./worker.ts";

/** What the storage needs of a Web Worker. */
export type StorageWorker = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

/** Why the folder could not be used. */
export class StorageError extends Error {
  /** The name of the class. */
  override readonly name = "StorageError";
  /** Whether there is no such file or folder. */
  readonly isNotFound: boolean;

  /** Creates an error with a reason for people, to follow a colon. */
  constructor(reason: string, isNotFound = false) {
    super(reason);
    this.isNotFound = isNotFound;
  }
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: StorageError) => void;
}

/** Starts the thread that keeps recordings: it may use this folder, and nothing else. */
export function startStorageWorker(path: string): StorageWorker {
  return new Worker(new URL("./worker.ts", import.meta.url), {
    type: "module",
    deno: { permissions: { read: [path], write: [path], sys: ["statfs"] } },
  });
}

/** The folder of recordings, by way of the thread that may use it. Tasks are done in order. */
export class RecordingStorage {
  readonly #worker: StorageWorker;
  readonly #waiting = new Map<number, Waiting>();
  #id = 0;
  #queuedBytes = 0;
  #isClosed = false;

  /** Gives tasks to this worker. */
  constructor(worker: StorageWorker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<StorageAnswer>) => this.#settle(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail("the thread that writes ended");
    };
  }

  /** Bytes that were given and are not written yet. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Makes the folder if there is none, and checks it. */
  open(path: string): Promise<void> {
    return this.#ask({ task: "open", path });
  }

  /** Begins a recording; resolves to its name. */
  create(wanted: RecordingName, head: Uint8Array<ArrayBuffer>): Promise<string> {
    return this.#ask({ task: "create", wanted, head });
  }

  /** Appends to the recording begun last. The bytes belong to the worker then. */
  async append(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { length } = bytes;
    this.#queuedBytes += length;
    try {
      await this.#ask({ task: "append", bytes }, [bytes.buffer]);
    } finally {
      this.#queuedBytes -= length;
    }
  }

  /** Finishes the recording begun last. */
  finish(): Promise<void> {
    return this.#ask({ task: "finish" });
  }

  /** Finishes what an earlier run left unfinished. */
  repair(): Promise<void> {
    return this.#ask({ task: "repair" });
  }

  /** Resolves to all recordings, oldest first, and the bytes free on their disk. */
  list(): Promise<{ readonly recordings: readonly StoredRecording[]; readonly free: number }> {
    return this.#ask({ task: "list" });
  }

  /** Resolves to one recording; `null` if there is none of that name. */
  find(name: string): Promise<StoredRecording | null> {
    return this.#ask({ task: "find", name });
  }

  /** Resolves to at most so many bytes of a recording. */
  read(name: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask({ task: "read", name, offset, length });
  }

  /** Keeps a JPEG that stands for a recording, if it has none yet. */
  illustrate(name: string, jpeg: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.#ask({ task: "illustrate", name, jpeg });
  }

  /** Resolves to the JPEG that stands for a recording; `null` if there is none. */
  thumbnail(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#ask({ task: "thumbnail", name });
  }

  /** Deletes a recording that is not being written; resolves to whether there was one. */
  delete(name: string): Promise<boolean> {
    return this.#ask({ task: "delete", name });
  }

  /** Ends the worker. */
  close(): void {
    this.#fail("the program is ending");
    this.#worker.terminate();
  }

  #ask<T>(task: StorageTask, transfer: Transferable[] = []): Promise<T> {
    if (this.#isClosed) return Promise.reject(new StorageError("the thread that writes ended"));
    const id = ++this.#id;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
    const request: StorageRequest = { id, task };
    this.#worker.postMessage(request, transfer);
    return promise;
  }

  #settle(answer: StorageAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) waiting?.reject(new StorageError(answer.error, answer.isNotFound));
    else waiting?.resolve(answer.result);
  }

  #fail(reason: string): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.values()) reject(new StorageError(reason));
    this.#waiting.clear();
  }
}

/**
 * Opens a folder for recordings, which is made if there is none.
 *
 * @throws {UserError} It cannot be used.
 */
export async function openStorage(path: string): Promise<RecordingStorage> {
  const storage = new RecordingStorage(startStorageWorker(path));
  try {
    await storage.open(path);
    return storage;
  } catch (error) {
    storage.close();
    if (!(error instanceof StorageError)) throw error;
    throw new UserError(`Cannot record into "${path}": ${error.message}`);
  }
}
