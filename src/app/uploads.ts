import { resolve } from "node:path";
import { FolderStore, startFolderWorker } from "../consumers/hls/folder_store.ts";
import { HttpStore } from "../consumers/hls/http_store.ts";
import type { HlsStore } from "../consumers/hls/store.ts";
import { parseTarget, type UploadTarget } from "../consumers/publisher/target.ts";
import type { Logger } from "../log/log.ts";
import { HttpClient } from "../outgoing/http_client.ts";
import { startOutgoing } from "../outgoing/outgoing.ts";

/** What sends files to other servers. */
export interface Uploads extends Disposable {
  /** Sends requests. */
  readonly client: HttpClient;
}

/**
 * Starts what sends files to other servers; `null` if none of the addresses needs it. Call it before the permissions are
 * given up.
 */
export function openUploads(addresses: readonly string[], log: Logger): Uploads | null {
  if (!addresses.some((address) => parseTarget(address)?.kind === "upload")) return null;
  const outgoing = startOutgoing(log);
  const client = new HttpClient(outgoing);
  return {
    client,
    [Symbol.dispose]() {
      client[Symbol.dispose]();
      outgoing[Symbol.dispose]();
    },
  };
}

/**
 * Opens a server that takes files.
 *
 * @throws {Error} There is nothing to send them with: {@linkcode openUploads} was not given its address.
 */
export function openServer({ url }: UploadTarget, uploads: Uploads | null): HlsStore {
  if (!uploads) throw new Error("Nothing sends files to other servers");
  return new HttpStore(url, uploads.client);
}

/** Opens a folder. Call it before the permissions are given up. */
export function openFolder(path: string): HlsStore {
  const absolute = resolve(path);
  return new FolderStore(absolute, startFolderWorker(absolute));
}
