import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import type { Logger } from "../../log/log.ts";
import { socketKey } from "../socket_key.ts";
import type { SocketStatistics } from "../socket_statistics.ts";
import { type CongestionChoice, congestionLine, STREAM_CONGESTION } from "./congestion.ts";
import { ConnectionTable } from "./connection_table.ts";
import { Exchange } from "./exchange.ts";
import type { Kept } from "./kept_connections.ts";
import type { Patience } from "./patience.ts";
import type { Protocol } from "./protocol.ts";
import { type Refusal, Refusals } from "./refusals.ts";
import { SharedAnswers } from "./shared_answers.ts";
import type { Sockets } from "./sockets.ts";
import { SystemSockets } from "./system_sockets.ts";

export type { Refusal };

/** What `Deno.serve` reports about a request. */
export interface RequestInfo {
  /** The other end of the connection. */
  readonly remoteAddr: { readonly hostname: string; readonly port: number };
  /** Settles when the last byte of the answer was sent, or when none will be any more. */
  readonly completed: Promise<void>;
}

/** Answers a request. */
export type Handler = (request: Request, info: RequestInfo) => Promise<Response>;

/** Options of {@linkcode ConnectionKeeper}. */
export interface ConnectionKeeperOptions {
  /** Where to report the connections that were ended. */
  readonly log: Logger;
  /** The most connections of one client at a time. Default: no limit. */
  readonly maxPerClient?: number;
  /** Names the client at an address; `null` for an address that stands for many. */
  readonly clientOf?: (hostname: string) => string | null;
  /** Whether the connections are by TLS. */
  readonly isSecure?: boolean;
  /** How long each stage of a connection may take. */
  readonly patience?: Patience;
  /** Who chooses the congestion control of streams. Default: `auto`. */
  readonly congestion?: CongestionChoice;
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "monotonic">;
}

const PATIENCE: Patience = {
  header: 10_000,
  answer: 15_000,
  response: 10_000,
  farewell: 2_000,
  idle: 60_000,
};

/** How often the keeper looks at some of the connections. */
const PROBE_MS = 100;

/** A request on its way. */
interface Followed {
  readonly kept: Kept;
  readonly exchange: Exchange;
  readonly protocol: Protocol;
  readonly refusal: Refusal | null;
}

/**
 * Ends connections that `Deno.serve`, which has no timeouts, would keep for as long as the client
 * likes: a client that sends no whole request or does not read its answer, that was let go and does
 * not notice, that has requested nothing for a while, or for which too much waits. Where the system
 * does not report its connections, none are ended.
 */
export class ConnectionKeeper {
  readonly #options: Required<ConnectionKeeperOptions>;
  readonly #requests = new WeakMap<Request, Followed>();
  readonly #answers: SharedAnswers;
  readonly #refusals = new Refusals();
  /** Called when a look finds that the server accepts no more connections. */
  onAcceptStopped: () => void = () => {};
  #table: ConnectionTable | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Creates a keeper that looks after nothing yet. */
  constructor(options: ConnectionKeeperOptions) {
    this.#options = {
      maxPerClient: Infinity,
      clientOf: (hostname) => hostname,
      isSecure: false,
      patience: PATIENCE,
      congestion: "auto",
      clock: SYSTEM_CLOCK,
      ...options,
    };
    this.#answers = new SharedAnswers(this.#options.clock);
  }

  /** Begins to look after the connections of the server that listens on this port. */
  start(port: number): void {
    try {
      this.watch(new SystemSockets(port));
    } catch (error) {
      this.#options.log.debug(
        `Connection timeouts and socket statistics disabled: ${messageOf(error)}`,
      );
      return;
    }
    this.#timer = setInterval(() => this.#table?.lookAtSome(), PROBE_MS);
  }

  /** Takes the system's side; call {@linkcode look} about once a second from then on. */
  watch(sockets: Sockets): void {
    this.#table = new ConnectionTable({
      ...this.#options,
      sockets,
      onAcceptStopped: () => this.onAcceptStopped(),
    });
  }

  /** Ends the connections without a request under way, so that nothing waits for them, and stops. */
  stop(): void {
    clearInterval(this.#timer);
    this.#table?.end();
    this.#table?.[Symbol.dispose]();
    this.#table = null;
  }

  /** Looks at every connection and ends those that take too long. */
  look(): void {
    this.#table?.look();
  }

  /** Logs, once in a while, what to do about too few descriptors. */
  remindOfDescriptors(): void {
    this.#table?.remind();
  }

  /** Returns a handler that answers as `handler` does and follows each request to its last byte. */
  following(handler: Handler): Handler {
    return async (request, info) => {
      const table = this.#table;
      if (!table) return await handler(request, info);
      const { exchange, kept, protocol } = this.#begin(table, request, info);
      const { client } = kept;
      const { completed } = info;
      // Over HTTP/1 only one answer at a time waits for the client. A trusted proxy's connection
      // brings many clients, none of whom may delay the others.
      const response = protocol === "HTTP/1" || client === null
        ? await handler(request, info)
        : await this.#answers.answer(
          table,
          { exchange, kept, client, completed },
          () => handler(request, info),
        );
      exchange.answer(this.#options.clock.monotonic(), { isUpgrade: response.status === 101 });
      return response;
    };
  }

  /** Returns why a request has to be refused; `null` if it need not be. */
  refusalOf(request: Request): Refusal | null {
    return this.#requests.get(request)?.refusal ?? null;
  }

  /** Takes a refusal back, so that further requests of the connection are answered. */
  pardon(request: Request): void {
    const kept = this.#requests.get(request)?.kept;
    if (kept) this.#refusals.pardon(kept);
  }

  /** Returns whether nobody will receive the answer, as the connection was dropped meanwhile. */
  isLost(request: Request): boolean {
    return this.#requests.get(request)?.kept.isDropped ?? false;
  }

  /** Returns whether the client has already closed the connection of a request. */
  isClosedByPeer(request: Request): boolean {
    const kept = this.#requests.get(request)?.kept;
    return kept !== undefined && (this.#table?.isClosedByPeer(kept) ?? false);
  }

  /** Returns which congestion control streams have, and why; `null` where the system does not say. */
  congestionLine(): string | null {
    const { congestion } = this.#options;
    const wanted = congestion === "auto" ? STREAM_CONGESTION : null;
    const actual = this.#table?.congestionControlOfNew(wanted) ?? null;
    return actual === null ? null : congestionLine(congestion, actual);
  }

  /**
   * Prepares the connection from this other end for a stream: chooses its congestion control.
   *
   * @returns Whether that is done; otherwise the connection was not found yet.
   */
  prepareStream(key: string): boolean {
    if (this.#options.congestion === "system") return true;
    return this.#table?.setCongestionControl(key, STREAM_CONGESTION) ?? true;
  }

  /** Returns what the kernel reports about the connection from this other end; `null` if nothing. */
  statisticsOf(key: string): SocketStatistics | null {
    return this.#table?.transferOf(key) ?? null;
  }

  /** Returns whether other answers may share the connection at the same time, as over HTTP/2. */
  isShared(request: Request): boolean {
    return this.#requests.get(request)?.protocol !== "HTTP/1";
  }

  /**
   * Notes that the answer to a request is a stream or a WebSocket. It may last as long as `goesOn`
   * returns true; then the client has a moment to read the rest.
   *
   * @param messages For a WebSocket: returns how many messages have come. It may not send one
   * without end.
   */
  hold(request: Request, goesOn: () => boolean, messages?: () => number): void {
    this.#requests.get(request)?.exchange.hold(goesOn, messages);
  }

  /**
   * Ends the connection of a request at once, if it has nothing else under way, and discards what
   * the client has not received. If it were only closed, the system would keep that for minutes.
   */
  drop(request: Request): void {
    const kept = this.#requests.get(request)?.kept;
    if (kept?.connection.exchanges === 1) this.#table?.drop(kept);
  }

  #begin(
    table: ConnectionTable,
    request: Request,
    { remoteAddr, completed }: RequestInfo,
  ): Followed {
    const kept = table.get(socketKey(remoteAddr));
    const protocol = table.protocolOf(kept, request);
    const refusal = this.#refusals.decide(table, kept, protocol);
    const exchange = new Exchange(this.#options.clock.monotonic());
    kept.connection.begin(exchange);
    const followed = { kept, exchange, protocol, refusal };
    this.#requests.set(request, followed);
    const complete = () => exchange.complete();
    completed.then(complete, complete);
    return followed;
  }
}
