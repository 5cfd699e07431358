import { Listener } from "../net/connections/listener.ts";
import type { Logger } from "../log/log.ts";
import { createAdmission } from "./admission.ts";
import type { Networks } from "../net/networks.ts";
import { checkSlash, refuseOwnPath } from "./base_path.ts";
import { TrustedProxies } from "./client_address.ts";
import { foreignPageCheck } from "./foreign_page.ts";
import { guardChecks } from "./guard.ts";
import { HostList, machineNames } from "./host_list.ts";
import { listenError } from "./listen_error.ts";
import { passwordCheck } from "./password_check.ts";
import { ProxyAdvice } from "./proxy_advice.ts";
import { createCallReader, createSenderReader } from "./read_call.ts";
import { RequestPace } from "./request_pace.ts";
import { createRouter } from "./router.ts";
import { createRoutes } from "./routes.ts";
import type { Services } from "./services.ts";
import type { StaticFiles } from "./static_files.ts";
import { isFromStreamer } from "./streamer.ts";
import { WaitingRoom } from "./waiting_room.ts";

export interface ServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Names by which the server may be asked for, besides those of this machine. */
  readonly allowHost?: readonly string[];
  /** Addresses and ranges of proxies that are believed for whom they ask. */
  readonly trustedProxy?: readonly string[];
  /** The path below which a proxy serves the pages; begins and ends with `/`, which is the default. */
  readonly basePath?: string;
  readonly networks: Networks;
  /** A certificate and its key, as PEM, for HTTPS; without them, HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | null;
  readonly files: StaticFiles;
  readonly services: Services;
  readonly log: Logger;
}

export interface Server {
  /** Where it listens. */
  readonly port: number;
  /** Takes no more requests and waits a moment for those under way. End the viewers first. */
  stop(): Promise<void>;
}

/** How long requests under way may take once the server stops. Milliseconds. */
const FAREWELL_MS = 1000;

/**
 * Listens and answers.
 *
 * @throws {UserError} The port is in use or forbidden, the address is not this machine's, or the base
 * path is one of the program's own paths.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { host, port, basePath = "/", networks, tls, files, services, log } = options;
  const { allowHost = [], trustedProxy = [] } = options;
  const { allowedOrigins, connections } = services;
  const routes = await createRoutes(services, files);
  refuseOwnPath(basePath, [...files.keys(), ...Object.keys(routes.routes)]);
  const isFile = (path: string) => routes.fallback(path) !== null;
  const { viewerPassword } = services;
  const hosts = new HostList([host, ...machineNames(), ...allowHost]);
  const proxies = new TrustedProxies(trustedProxy);
  const advice = new ProxyAdvice({ proxies, log });
  const checks = guardChecks({ hosts, posts: services.posts, advice });
  checks.push(checkSlash(basePath));
  checks.push(foreignPageCheck({ allowedOrigins, log }));
  if (viewerPassword) checks.push(passwordCheck(services, viewerPassword, isFile));
  const senderOf = createSenderReader({ proxies, networks, log });
  const readCall = createCallReader(senderOf, basePath);
  const waitingRoom = new WaitingRoom();
  const admission = createAdmission({
    connections,
    pace: new RequestPace(),
    waitingRoom,
    senderOf,
    isStreamer: (request, remote) => isFromStreamer(readCall(request, remote), services),
  });
  const router = services.responses.counting(
    createRouter({ ...routes, admission, checks, readCall, allowedOrigins, log }),
  );
  try {
    const listener = new Listener({
      hostname: host,
      port,
      ...(tls && { tls: { cert: tls.cert, key: tls.key } }),
      handler: router,
      keeper: connections,
      log,
    });
    connections.start(listener.port);
    return {
      port: listener.port,
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
