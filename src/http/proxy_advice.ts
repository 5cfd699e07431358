import type { Logger } from "../log/log.ts";
import { isLoopback, plainAddress } from "../net/ip_address.ts";
import type { TrustedProxies } from "./client_address.ts";
import { isOwnMachine } from "./host_list.ts";
import { RELAY_HEADERS } from "./read_call.ts";
import type { Call } from "./router.ts";

/** What mends each mistake in the configuration of a reverse proxy. */
const REMEDIES = {
  host: 'Make the proxy pass Host on unchanged, in nginx with "proxy_set_header Host $http_host;"',
  protocol: "Make the proxy send X-Forwarded-Proto, in nginx with " +
    '"proxy_set_header X-Forwarded-Proto $scheme;"',
  trust: "Start the server with --trusted-proxy and the address of the proxy in front of it, " +
    "which has to send X-Forwarded-Proto",
  webSocket: 'Make the proxy pass WebSockets on, in nginx with "proxy_http_version 1.1;", ' +
    '"proxy_set_header Upgrade $http_upgrade;" and "proxy_set_header Connection "upgrade";"',
} as const;

type Mistake = keyof typeof REMEDIES;

/** What the log says is wrong. It names nothing that a client sent. */
const CONSEQUENCES: Readonly<Record<Mistake, string>> = {
  host: "A page has another address than Host says, so its changes may be refused. " +
    "If a reverse proxy of yours serves it",
  protocol: "A page came by HTTPS, but the proxy does not say so",
  trust: "A page came by HTTPS, but no trusted proxy says so",
  webSocket: "A page cannot open its WebSocket, so it has no chat",
};

/** Where a page is that has no chat because something in between passes no WebSockets. */
export const WEB_SOCKET_REMEDY = REMEDIES.webSocket;

export interface ProxyAdviceOptions {
  readonly proxies: TrustedProxies;
  readonly log: Logger;
}

/** Recognises mistakes in the configuration of a reverse proxy, and logs each of them once. */
export class ProxyAdvice {
  readonly #proxies: TrustedProxies;
  readonly #log: Logger;
  readonly #logged = new Set<Mistake>();

  constructor({ proxies, log }: ProxyAdviceOptions) {
    this.#proxies = proxies;
    this.#log = log;
  }

  /**
   * Returns how to mend the proxy that makes a page of this server look like another site's; `null`
   * where it is another site's.
   *
   * @param origin What the page's browser sent as Origin, which is not that of the call.
   */
  onOrigin(call: Call, origin: string): string | null {
    const page = URL.parse(origin);
    if (!page || !/^https?:$/.test(page.protocol)) return null;
    const { url, remote } = call;
    if (page.host === url.host && page.protocol === "https:") {
      return this.#advise(
        this.#proxies.has(plainAddress(remote.hostname)) ? "protocol" : "trust",
      );
    }
    const isRenamed = page.hostname === url.hostname || this.#isFromProxy(call);
    return isRenamed ? this.#advise("host") : null;
  }

  /** Returns how to mend the proxy that passed a handshake on without its Upgrade header. */
  onLostUpgrade(): string {
    return this.#advise("webSocket");
  }

  /**
   * Whether a proxy may have named the server itself in Host, as nginx does by default; without any
   * header of its own when it runs on this machine.
   */
  #isFromProxy({ request: { headers }, url, remote }: Call): boolean {
    const address = plainAddress(remote.hostname);
    if (this.#proxies.has(address)) return true;
    if (RELAY_HEADERS.some((name) => headers.has(name))) return true;
    return isLoopback(address) && isOwnMachine(url.hostname);
  }

  #advise(mistake: Mistake): string {
    const remedy = REMEDIES[mistake];
    if (!this.#logged.has(mistake)) {
      this.#logged.add(mistake);
      this.#log.warn(`${CONSEQUENCES[mistake]}: ${remedy[0].toLowerCase()}${remedy.slice(1)}`);
    }
    return remedy;
  }
}
