import { resolve } from "node:path";
import { FolderStore, startFolderWorker } from "../consumers/hls/folder_store.ts";
import { HttpStore } from "../consumers/hls/http_store.ts";
import type { HlsStore } from "../consumers/hls/store.ts";
import type { UploadTarget } from "../consumers/publisher/target.ts";
import type { Requester } from "../outgoing/http_client.ts";

/**
 * Opens a server that takes files.
 *
 * @throws {Error} Nothing connects to other servers: the address was not there at the start.
 */
export function openServer({ url }: UploadTarget, client: Requester | null): HlsStore {
  if (!client) throw new Error("Nothing sends files to other servers");
  return new HttpStore(url, client);
}

/** Opens a folder. Call it before the permissions are given up. */
export function openFolder(path: string): HlsStore {
  const absolute = resolve(path);
  return new FolderStore(absolute, startFolderWorker(absolute));
}
