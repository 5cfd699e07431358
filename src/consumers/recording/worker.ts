/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

/**
 * The thread that keeps the recordings: the only one that may use their folder, and it may use nothing else. Its
 * first message names the folder. It answers each message, in order.
 */
import { messageOf } from "../../errors.ts";
import { reasonOfFile } from "../../file_failure.ts";
import type { RecordingName } from "./names.ts";
import { RecordingFolder } from "./recording_folder.ts";

/** What the worker is asked to do; see {@linkcode RecordingFolder}. */
export type StorageTask =
  | { readonly task: "open"; readonly path: string }
  | {
    readonly task: "create";
    readonly wanted: RecordingName;
    readonly head: Uint8Array<ArrayBuffer>;
  }
  | { readonly task: "append"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly task: "finish" }
  | { readonly task: "repair" }
  | { readonly task: "list" }
  | { readonly task: "find"; readonly name: string }
  | {
    readonly task: "read";
    readonly name: string;
    readonly offset: number;
    readonly length: number;
  }
  | { readonly task: "illustrate"; readonly name: string; readonly jpeg: Uint8Array<ArrayBuffer> }
  | { readonly task: "thumbnail"; readonly name: string }
  | { readonly task: "delete"; readonly name: string };

/** What the main thread sends. */
export interface StorageRequest {
  /** Is in the answer. */
  readonly id: number;
  /** What to do. */
  readonly task: StorageTask;
}

/** What the worker answers. */
export type StorageAnswer =
  | { readonly id: number; readonly result: unknown }
  | {
    readonly id: number;
    /** For people, to follow a colon. */
    readonly error: string;
    /** Whether there is no such file or folder. */
    readonly isNotFound: boolean;
  };

let folder: RecordingFolder | null = null;

function carryOut(task: StorageTask): unknown {
  if (task.task === "open") {
    const opened = new RecordingFolder(task.path);
    opened.check();
    folder = opened;
    return;
  }
  if (folder === null) throw new Error("the folder is not open");
  switch (task.task) {
    case "create":
      return folder.create(task.wanted, task.head);
    case "append":
      return folder.append(task.bytes);
    case "finish":
      return folder.finish();
    case "repair":
      return folder.repair(Date.now());
    case "list":
      return { recordings: folder.list(), free: folder.free };
    case "find":
      return folder.find(task.name);
    case "read":
      return folder.read(task.name, task.offset, task.length);
    case "illustrate":
      return folder.illustrate(task.name, task.jpeg);
    case "thumbnail":
      return folder.thumbnail(task.name);
    case "delete":
      return folder.delete(task.name);
  }
}

function reasonOf(error: unknown): string {
  if (folder?.isGone) return "the folder is gone: create it, or connect its disk, again";
  const isOfFile = error instanceof Error && ("code" in error || error.name === "NotCapable");
  return isOfFile ? reasonOfFile(error, "write there") : messageOf(error);
}

self.onmessage = ({ data: { id, task } }: MessageEvent<StorageRequest>) => {
  let answer: StorageAnswer;
  try {
    answer = { id, result: carryOut(task) };
  } catch (error) {
    answer = { id, error: reasonOf(error), isNotFound: error instanceof Deno.errors.NotFound };
  }
  const transfer = "result" in answer && answer.result instanceof Uint8Array
    ? [answer.result.buffer as ArrayBuffer]
    : [];
  self.postMessage(answer, transfer);
};
