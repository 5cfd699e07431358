/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

/**
 * The thread that writes HLS into a folder: it may use that folder, and nothing else. Its first message names the
 * folder. It answers each message, in order.
 */
import { messageOf } from "../../errors.ts";
import { reasonOfFile } from "../../file_failure.ts";

/** What the worker is asked to do. */
export type FolderTask =
  /** Makes the folder if there is none, and removes what earlier runs left there. */
  | { readonly task: "open"; readonly path: string }
  | { readonly task: "put"; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly task: "remove"; readonly name: string };

/** What the main thread sends. */
export interface FolderRequest {
  /** Is in the answer. */
  readonly id: number;
  /** What to do. */
  readonly task: FolderTask;
}

/** What the worker answers. */
export interface FolderAnswer {
  /** That of the request. */
  readonly id: number;
  /** For people, to follow a colon; absent if all went well. */
  readonly error?: string;
}

/** Our files, and what is left of one that was being written. */
const OURS =
  /^(?:[0-9a-f]{8}-(?:high|low)-[\w.]+\.(?:m4s|mp4)|(?:live|high|low)\.m3u8)(?:\.part)?$/;

let folder: string | null = null;

function carryOut(task: FolderTask): void {
  if (task.task === "open") {
    Deno.mkdirSync(task.path, { recursive: true });
    for (const { name, isFile } of Deno.readDirSync(task.path)) {
      if (isFile && OURS.test(name)) Deno.removeSync(`${task.path}/${name}`);
    }
    folder = task.path;
    return;
  }
  if (folder === null) throw new Error("the folder is not open");
  const path = `${folder}/${task.name}`;
  if (task.task === "put") {
    try {
      // Whoever reads meanwhile gets the old file or the new one.
      Deno.writeFileSync(`${path}.part`, task.bytes);
      return Deno.renameSync(`${path}.part`, path);
    } catch (error) {
      // Somebody removed the folder. The files of before are missing too, so this is a failure all the same.
      if (error instanceof Deno.errors.NotFound) Deno.mkdirSync(folder, { recursive: true });
      throw error;
    }
  }
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function reasonOf(error: unknown): string {
  const isOfFile = error instanceof Error && ("code" in error || error.name === "NotCapable");
  return isOfFile ? reasonOfFile(error, "write there") : messageOf(error);
}

self.onmessage = ({ data: { id, task } }: MessageEvent<FolderRequest>) => {
  let answer: FolderAnswer = { id };
  try {
    carryOut(task);
  } catch (error) {
    answer = { id, error: reasonOf(error) };
  }
  self.postMessage(answer);
};
