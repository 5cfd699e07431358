import { Listener } from "../net/connections/listener.ts";
import type { ConnectionKeeper } from "../net/connections/connection_keeper.ts";
import type { Logger } from "../log/log.ts";
import type { Networks } from "../net/networks.ts";
import { type Access, guardRoutes } from "./access.ts";
import { createAdmission } from "./admission.ts";
import { checkSlash, refuseOwnPath } from "./base_path.ts";
import { TrustedProxies } from "./client_address.ts";
import { foreignPageCheck } from "./foreign_page.ts";
import { guardChecks } from "./guard.ts";
import { HostList, machineNames } from "./host_list.ts";
import { listenError } from "./listen_error.ts";
import type { Languages } from "./pages/languages.ts";
import { passwordCheck } from "./password_check.ts";
import { ProxyAdvice } from "./proxy_advice.ts";
import { createCallReader } from "./read_call.ts";
import { RequestPace } from "./request_pace.ts";
import { ResponseCounts } from "./response_counts.ts";
import type { Check, RouteTable } from "./route.ts";
import { createRouter } from "./router.ts";
import { createSenderReader } from "./sender.ts";
import { isFromStreamer } from "./streamer.ts";
import { WaitingRoom } from "./waiting_room.ts";

/** Where the server listens, and whom it believes. */
export interface ServerOptions {
  /** Address or name to listen on. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Names of the server besides those of this machine. */
  readonly allowHost?: readonly string[];
  /** Returns its name in the local networks, which may change; `null` if it has none. */
  readonly localName?: () => string | null;
  /** Origins whose pages may use shared routes. */
  readonly allowOrigin?: readonly string[];
  /** Addresses and ranges of proxies whose X-Forwarded headers are believed. */
  readonly trustedProxy?: readonly string[];
  /** The path below which a proxy serves the pages. Begins and ends with `/`, which is the default. */
  readonly basePath?: string;
  /** A certificate and its key, as PEM, for HTTPS; without them, HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | null;
}

/** What the server is built on. */
export interface ServerParts {
  /** Every path that it answers. */
  readonly routes: RouteTable;
  /** Decides who may use them. */
  readonly access: Access;
  /** Those of the pages. */
  readonly languages: Languages;
  /** Limits and ends connections. */
  readonly connections: ConnectionKeeper;
  /** Says which addresses count as one client. */
  readonly networks: Networks;
  /** Receives advice and errors. */
  readonly log: Logger;
}

/** A server that listens. */
export interface Server {
  /** Port that it listens on. */
  readonly port: number;
  /** Responses so far, by status. */
  readonly responses: ReadonlyMap<number, number>;
  /** Takes no more requests and waits a moment for pending ones. End the streams first. */
  stop(): Promise<void>;
}

/** How long pending requests may take once the server stops. Milliseconds. */
const FAREWELL_MS = 1000;

/**
 * Listens and answers.
 *
 * @throws {UserError} The port is in use or forbidden, the address is not this machine's, or the base
 * path is one of the program's own paths.
 */
export function startServer(options: ServerOptions, parts: ServerParts): Server {
  const { host, port, basePath = "/", allowOrigin: allowedOrigins = [], tls } = options;
  const { access, languages, connections, networks, log } = parts;
  refuseOwnPath(basePath, parts.routes.keys());
  const proxies = new TrustedProxies(options.trustedProxy ?? []);
  const senderOf = createSenderReader({ proxies, networks, log });
  const readCall = createCallReader(senderOf, basePath);
  const waitingRoom = new WaitingRoom();
  const admission = createAdmission({
    connections,
    pace: new RequestPace(),
    waitingRoom,
    senderOf,
    isStreamer: (request, remote) =>
      isFromStreamer(readCall(request, remote), access.streamerToken),
  });
  const checks = createChecks(options, parts, proxies);
  const routes = guardRoutes(parts.routes, access);
  const responses = new ResponseCounts();
  const handler = responses.counting(
    createRouter({ routes, allowedOrigins, admission, readCall, checks, languages, log }),
  );
  try {
    const listener = new Listener({
      hostname: host,
      port,
      ...(tls && { tls: { cert: tls.cert, key: tls.key } }),
      handler,
      keeper: connections,
      log,
    });
    connections.start(listener.port);
    return {
      port: listener.port,
      responses: responses.byStatus,
      async stop() {
        waitingRoom.close();
        connections.stop();
        const farewell = Promise.withResolvers<void>();
        const timer = setTimeout(farewell.resolve, FAREWELL_MS);
        await Promise.race([listener.stop(), farewell.promise]);
        clearTimeout(timer);
      },
    };
  } catch (error) {
    throw listenError(error, host, port);
  }
}

/** Returns the checks that precede every route, in their order. */
function createChecks(
  { host, basePath = "/", allowHost = [], localName, allowOrigin: allowedOrigins = [] }:
    ServerOptions,
  { access: { posts, viewerPassword, channel }, log }: Pick<ServerParts, "access" | "log">,
  proxies: TrustedProxies,
): Check[] {
  const hosts = new HostList([host, ...machineNames(), ...allowHost], localName);
  return [
    ...guardChecks({ hosts, posts, advice: new ProxyAdvice({ proxies, log }) }),
    checkSlash(basePath),
    foreignPageCheck({ allowedOrigins, log }),
    ...(viewerPassword ? [passwordCheck(viewerPassword, channel)] : []),
  ];
}
