import type { Channel } from "../channel/channel.ts";
import { Discovery } from "../discovery/discovery.ts";
import { canBeAnnounced } from "../discovery/network.ts";
import type { Logger } from "../log/log.ts";

/** The server's name in the local networks. */
export interface RunningDiscovery extends AsyncDisposable {
  /** `livestream.local`, unless somebody else has that name; `null` if there is none. */
  readonly host: string | null;
  /** The page by that name; `null` if there is none. */
  readonly url: string | null;
  /** Announces the server, and each new title. Call it once it listens. */
  start(listening: { readonly port: number; readonly isSecure: boolean }): void;
}

/** Options of {@linkcode createDiscovery}. */
export interface DiscoverySettings {
  /** Where the server listens. */
  readonly host: string;
  /** The path of the page. */
  readonly basePath: string;
  /** Whether to announce the server. */
  readonly mdns: boolean;
}

/** Prepares the announcement of the server; it starts a thread only if others can open the server. */
export function createDiscovery(
  { host, basePath, mdns }: DiscoverySettings,
  channel: Pick<Channel, "title" | "events">,
  log: Logger,
): RunningDiscovery {
  if (!mdns || !canBeAnnounced(host)) {
    return { host: null, url: null, start() {}, async [Symbol.asyncDispose]() {} };
  }
  const discovery = new Discovery({ host, log });
  return {
    get host() {
      return discovery.host;
    },
    get url() {
      return discovery.url;
    },
    start(listening) {
      let announced: string | null = null;
      const announce = () => {
        const { title } = channel;
        if (title === announced) return;
        announced = title;
        discovery.announce({ ...listening, title, path: basePath });
      };
      announce();
      channel.events.on("change", announce);
    },
    [Symbol.asyncDispose]: () => discovery[Symbol.asyncDispose](),
  };
}
