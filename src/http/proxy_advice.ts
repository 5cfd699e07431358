import type { Logger } from "../log/log.ts";
import { isLoopback, plainAddress } from "../net/ip_address.ts";
import type { TrustedProxies } from "./client_address.ts";
import { isOwnMachine } from "./host_list.ts";
import type { Call } from "./call.ts";
import { RELAY_HEADERS } from "./sender.ts";

/** Remedies for mistakes in the configuration of a reverse proxy. */
const REMEDIES = {
  host: 'Make the proxy forward Host unchanged, in nginx with "proxy_set_header Host $http_host;"',
  protocol: "Make the proxy send X-Forwarded-Proto, in nginx with " +
    '"proxy_set_header X-Forwarded-Proto $scheme;"',
  trust: "Start the server with --trusted-proxy and the address of the proxy in front of it, " +
    "which has to send X-Forwarded-Proto",
  webSocket: 'Make the proxy pass WebSockets on, in nginx with "proxy_http_version 1.1;", ' +
    '"proxy_set_header Upgrade $http_upgrade;" and "proxy_set_header Connection "upgrade";"',
} as const;

type Mistake = keyof typeof REMEDIES;

/** How the log describes each mistake. It quotes nothing that a client sent. */
const CONSEQUENCES: Readonly<Record<Mistake, string>> = {
  host: "A page's address differs from its Host header, so its changes may be refused. " +
    "If a reverse proxy serves it",
  protocol: "A page uses HTTPS, but the proxy does not say so",
  trust: "A page uses HTTPS, but no trusted proxy says so",
  webSocket: "A page cannot open its WebSocket, so its chat is slower",
};

/** What {@linkcode ProxyAdvice} needs. */
export interface ProxyAdviceOptions {
  /** The proxies whose headers are believed. */
  readonly proxies: TrustedProxies;
  /** Receives each mistake once. */
  readonly log: Logger;
}

/** Recognises mistakes in the configuration of a reverse proxy and logs each of them once. */
export class ProxyAdvice {
  readonly #proxies: TrustedProxies;
  readonly #log: Logger;
  readonly #logged = new Set<Mistake>();

  /** Creates advice that has logged nothing yet. */
  constructor({ proxies, log }: ProxyAdviceOptions) {
    this.#proxies = proxies;
    this.#log = log;
  }

  /**
   * Returns how to fix the proxy that makes a page of this server look like another site's; `null` if
   * it is another site's.
   *
   * @param origin The Origin header, which differs from the origin of the call.
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

  /** Returns how to fix the proxy that dropped the Upgrade header of a handshake. */
  onLostUpgrade(): string {
    return this.#advise("webSocket");
  }

  /**
   * Whether a proxy may have put its own name for the server into Host, as nginx does by default. One
   * on this machine may add no header of its own.
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
