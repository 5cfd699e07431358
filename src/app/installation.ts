import { machineNames } from "../http/host_list.ts";
import { requireListening } from "../http/listen_error.ts";
import { readStaticFiles, type StaticFiles } from "../http/static_files.ts";
import type { Logger } from "../log/log.ts";
import { prepareToDraw } from "../pictures/text.ts";
import { chooseData, defaultDataPath } from "../store/data_path.ts";
import { openStore, type Store } from "../store/open.ts";
import type { Options } from "../terminal/options.ts";
import { loadCredentials, type ServedCredentials } from "../tls/credentials.ts";

/** What the program finds on the machine before it starts. */
export interface Installation {
  /** The pages and what they load. */
  readonly files: StaticFiles;
  /** Certificate and key for HTTPS; `null` for HTTP. */
  readonly tls: ServedCredentials | null;
  /** Everything that outlives the program. */
  readonly store: Store;
}

/**
 * Reads the pages, the fonts and the certificate, and opens the data file.
 *
 * @throws {UserError} The certificate or the data file cannot be used.
 */
export async function openInstallation(options: Options, log: Logger): Promise<Installation> {
  const onNotice = (sentence: string) => log.warn(sentence);
  const files = await readStaticFiles(new URL("../../static/", import.meta.url));
  await prepareToDraw();
  const { host, port } = options;
  const data = options.data ?? defaultDataPath(Deno.env, Deno.build.os);
  const tls = await loadCredentials({
    ...options,
    data,
    machineNames: [...machineNames(), ...(options.mdns ? ["livestream.local"] : [])],
    onNotice,
  });
  // Port 0 becomes another port at each start, so no file is named after it.
  const ownData = options.data !== null || port === 0
    ? null
    : defaultDataPath(Deno.env, Deno.build.os, port);
  const store = openStore(chooseData(data, ownData), {
    onNotice,
    otherwise: ownData === null ? undefined : () => {
      // A second server on the same port cannot run, so it needs no second file.
      requireListening(host, port);
      return ownData;
    },
  });
  return { files, tls, store };
}
