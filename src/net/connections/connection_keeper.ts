import { socketKey } from "../socket_statistics.ts";
import { messageOf } from "../../errors.ts";
import type { Logger } from "../../log/log.ts";
import { AnswerGate } from "./answer_gate.ts";
import { ConnectionTable, type Kept, type Sockets } from "./connection_table.ts";
import { Exchange } from "./exchange.ts";
import { metered } from "./metered_body.ts";
import type { Patience } from "./patience.ts";
import type { Protocol } from "./protocol.ts";
import { SystemSockets } from "./system_sockets.ts";

/** What `Deno.serve` tells of a request. */
export interface RequestInfo {
  readonly remoteAddr: { readonly hostname: string; readonly port: number };
  /** Settles when the last byte of the answer was sent, or when none will be any more. */
  readonly completed: Promise<void>;
}

export type Handler = (request: Request, info: RequestInfo) => Promise<Response>;

export interface ConnectionKeeperOptions {
  readonly log: Logger;
  /** Connections of one client at one time. Default: no bound. */
  readonly maxPerClient?: number;
  /** Names the client at an address; `null` for an address that stands for many. */
  readonly clientOf?: (hostname: string) => string | null;
  /** Whether the connections are by TLS. */
  readonly isSecure?: boolean;
  readonly patience?: Patience;
  /** Monotonic clock, milliseconds. */
  readonly now?: () => number;
}

/**
 * Why a request has to be refused: there are too few descriptors for its connection; its client has
 * too many others; it came by HTTP/2 without TLS.
 */
export type Refusal = "descriptors" | "client" | "protocol";

const PATIENCE: Patience = {
  header: 10_000,
  answer: 15_000,
  response: 10_000,
  farewell: 2_000,
  idle: 60_000,
};

/** How often the keeper looks at some of the connections. */
const PROBE_MS = 100;

/** What is known of a request. */
interface Followed {
  readonly kept: Kept;
  readonly exchange: Exchange;
  readonly protocol: Protocol;
  readonly refusal: Refusal | null;
}

/**
 * Ends connections that `Deno.serve`, which has no limits, would keep for as long as the other end
 * likes: of clients that send no whole request or take no answer, that were let go and do not read
 * it, that have asked for nothing in a while, or for which too much waits. Where the system cannot
 * be asked for its connections, none are ended.
 */
export class ConnectionKeeper {
  readonly #options: Required<ConnectionKeeperOptions>;
  readonly #requests = new WeakMap<Request, Followed>();
  readonly #gate: AnswerGate;
  /** Connections that were refused: for good, unless they are pardoned. */
  readonly #refused = new WeakMap<Kept, Refusal>();
  /** Called when a look finds that the server accepts no more connections. */
  onAcceptStopped: () => void = () => {};
  #table: ConnectionTable | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: ConnectionKeeperOptions) {
    this.#options = {
      maxPerClient: Infinity,
      clientOf: (hostname) => hostname,
      isSecure: false,
      patience: PATIENCE,
      now: () => performance.now(),
      ...options,
    };
    this.#gate = new AnswerGate(this.#options.now);
  }

  /** Begins to look after the connections of the server that listens on this port. */
  start(port: number): void {
    try {
      this.watch(new SystemSockets(port));
    } catch (error) {
      this.#options.log.debug(`Connection timeouts disabled: ${messageOf(error)}`);
      return;
    }
    this.#timer = setInterval(() => this.#table?.lookAtSome(), PROBE_MS);
  }

  /** Takes the system's side; {@linkcode look} is then to be called about once a second. */
  watch(sockets: Sockets): void {
    this.#table = new ConnectionTable({
      ...this.#options,
      sockets,
      onAcceptStopped: () => this.onAcceptStopped(),
    });
  }

  /** Ends those who are not being answered, so that nobody waits for them, and looks no more. */
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

  /** Tells the streamer, once in a while, what to do about too few descriptors. */
  tellOfTooFewDescriptors(): void {
    this.#table?.remind();
  }

  /** Answers as `handler` does, and follows each request from its header to its last byte. */
  following(handler: Handler): Handler {
    return async (request, info) => {
      const table = this.#table;
      if (!table) return await handler(request, info);
      const { exchange, kept, protocol } = this.#begin(table, request, info);
      const { client } = kept;
      // By HTTP/1 only one answer at a time waits for the client. A trusted proxy's connection brings
      // many clients, none of whom may hold up the others.
      const response = protocol === "HTTP/1" || client === null
        ? await handler(request, info)
        : await this.#answerShared(
          table,
          { exchange, kept, client },
          () => handler(request, info),
          info,
        );
      exchange.answer(this.#options.now(), { isUpgrade: response.status === 101 });
      return response;
    };
  }

  /** Why a request has to be refused; `null` for those that need not. */
  refusalOf(request: Request): Refusal | null {
    return this.#requests.get(request)?.refusal ?? null;
  }

  /** Takes back a refusal, so that what else is asked over the connection is answered, too. */
  pardon(request: Request): void {
    const kept = this.#requests.get(request)?.kept;
    if (!kept) return;
    this.#refused.delete(kept);
    kept.connection.isRefused = false;
  }

  /** Whether nobody will get the answer to a request, as its connection was dropped meanwhile. */
  isLost(request: Request): boolean {
    return this.#requests.get(request)?.kept.isDropped ?? false;
  }

  /** Whether the client has closed the connection of a request already. */
  isClosedByPeer(request: Request): boolean {
    const kept = this.#requests.get(request)?.kept;
    return kept !== undefined && (this.#table?.isClosedByPeer(kept) ?? false);
  }

  /** Whether other answers may share the connection of a request at the same time, as by HTTP/2. */
  isShared(request: Request): boolean {
    return this.#requests.get(request)?.protocol !== "HTTP/1";
  }

  /**
   * The answer to a request is a stream or a WebSocket, which may last for as long as this says
   * that it goes on. When it is over, the client has a moment to take the rest.
   *
   * @param messages For a WebSocket, how many messages have come; it may not send one without end.
   */
  hold(request: Request, goesOn: () => boolean, messages?: () => number): void {
    this.#requests.get(request)?.exchange.hold(goesOn, messages);
  }

  /**
   * Ends the connection of a request at once, if it has nothing else under way, with all that its
   * client has not received. Were it only closed, the system would keep that for minutes.
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
    const { connection } = kept;
    const protocol = table.protocolOf(kept, request);
    const refusal = this.#refusalOf(table, kept, protocol);
    const exchange = new Exchange(this.#options.now());
    connection.begin(exchange);
    const followed = { kept, exchange, protocol, refusal };
    this.#requests.set(request, followed);
    const complete = () => exchange.complete();
    completed.then(complete, complete);
    return followed;
  }

  /** Answers a request whose connection may have others under way. */
  async #answerShared(
    table: ConnectionTable,
    { exchange, kept, client }: Pick<Followed, "exchange" | "kept"> & { readonly client: string },
    answer: () => Promise<Response>,
    { completed }: RequestInfo,
  ): Promise<Response> {
    if (table.isBusy(kept)) return busy();
    const turn = this.#gate.enter(client);
    if (turn) {
      exchange.queue(() => this.#gate.progressAt(client));
      await turn;
      exchange.dequeue(this.#options.now());
    }
    let leave = (isTaken: boolean) => {
      leave = () => {};
      this.#gate.leave(client, isTaken);
    };
    completed.then(() => leave(!kept.isDropped), () => leave(false));
    if (kept.isDropped) return busy();
    const response = await answer();
    if (exchange.isHeld) {
      leave(true);
      return response;
    }
    if (kept.isDropped) return busy();
    return await metered(
      response,
      (bytes) => {
        exchange.meter(bytes);
        table.bound(kept);
      },
      () => exchange.take(this.#options.now()),
    );
  }

  #refusalOf(table: ConnectionTable, kept: Kept, protocol: Protocol): Refusal | null {
    const { connection } = kept;
    const before = this.#refused.get(kept);
    if (before !== undefined) {
      // The one answer that says why is enough.
      table.drop(kept);
      return before;
    }
    const refusal = protocol === "HTTP/2"
      ? "protocol"
      : connection.hasAsked
      ? null
      : table.isFull()
      ? "descriptors"
      : table.admit(kept)
      ? null
      : "client";
    if (refusal) {
      this.#refused.set(kept, refusal);
      connection.isRefused = true;
    }
    return refusal;
  }
}

function busy(): Response {
  return new Response(null, { status: 503, headers: { "retry-after": "1" } });
}
