import { socketKey } from "../bandwidth/socket_statistics.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../log.ts";
import { Connection, Exchange, type Patience } from "./connection.ts";
import { type Descriptors, SystemSockets } from "./system_sockets.ts";

/** The system's side of the connections; see {@linkcode SystemSockets}. */
export interface Sockets extends Disposable {
  readonly limit: number;
  look(): Descriptors;
  countFree(): number;
  cut(key: string, descriptor: number, how: { isDropped: boolean }): void;
}

/** What `Deno.serve` tells of a request. */
export interface RequestInfo {
  readonly remoteAddr: { readonly hostname: string; readonly port: number };
  /** Settles when the last byte of the answer was sent, or when none will be any more. */
  readonly completed: Promise<void>;
}

export type Handler = (request: Request, info: RequestInfo) => Promise<Response>;

export interface ConnectionKeeperOptions {
  readonly log: Logger;
  readonly patience?: Patience;
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number;
}

const PATIENCE: Patience = {
  header: 10_000,
  answer: 30_000,
  response: 120_000,
  farewell: 2_000,
  idle: 60_000,
};

/** While there are too few descriptors. */
const LESS_PATIENCE: Patience = { ...PATIENCE, header: 1_000, idle: 1_000 };

/** How often the connections are looked at. Milliseconds. */
const LOOK_MS = 1_000;

/** Descriptors that are kept for ffmpeg, files and workers: so many, or this share of a low limit. */
const RESERVE = { most: 32, share: 1 / 4 };

/** That descriptors are short is told once in so long. Milliseconds. */
const REMINDER_MS = 60_000;

/**
 * Ends connections that `Deno.serve`, which has no time limits, would keep for as long as the other
 * end likes: of clients that send no whole request or take no answer, that were let go and do not
 * read it, or that have asked for nothing in a while. Where the system cannot be asked for its
 * connections, none are ended.
 */
export class ConnectionKeeper {
  readonly #log: Logger;
  readonly #patience: Patience;
  readonly #now: () => number;
  /** By the other end, as `socketKey` writes it. */
  readonly #connections = new Map<string, Connection>();
  readonly #exchanges = new WeakMap<Request, Exchange>();
  readonly #unwelcome = new WeakSet<Request>();
  #sockets: Sockets | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Descriptors left for new connections, as last counted. */
  #room = Infinity;
  #remindedAt = -Infinity;

  constructor(
    { log, patience = PATIENCE, now = () => performance.now() }: ConnectionKeeperOptions,
  ) {
    this.#log = log;
    this.#patience = patience;
    this.#now = now;
  }

  /** Begins to look after the connections of the server that listens on this port. */
  start(port: number): void {
    try {
      this.watch(new SystemSockets(port));
    } catch (error) {
      this.#log.debug(`No connection is ended for its slowness: ${messageOf(error)}`);
      return;
    }
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** Takes the system's side; {@linkcode look} is then to be called about once a second. */
  watch(sockets: Sockets): void {
    this.#sockets = sockets;
  }

  /** Ends those who have nothing under way, so that nobody waits for them, and looks no more. */
  stop(): void {
    clearInterval(this.#timer);
    for (const [key, descriptor] of this.#sockets?.look() ?? []) {
      if (this.#connections.get(key)?.isUnderWay()) continue;
      this.#sockets?.cut(key, descriptor, { isDropped: false });
    }
    this.#sockets?.[Symbol.dispose]();
    this.#sockets = null;
  }

  /** Answers as `handler` does, and follows each request from its header to its last byte. */
  following(handler: Handler): Handler {
    return async (request, info) => {
      if (!this.#sockets) return await handler(request, info);
      const exchange = this.#begin(request, info);
      const response = await handler(request, info);
      exchange.answer(this.#now(), { isUpgrade: response.status === 101 });
      return response;
    };
  }

  /** Whether a request has to be refused: with few descriptors left, those on new connections. */
  hasNoRoomFor(request: Request): boolean {
    return this.#unwelcome.has(request);
  }

  /**
   * The answer to a request is a stream or a WebSocket, which may last for as long as this says
   * that it goes on. When it is over, the client has a moment to take the rest.
   */
  hold(request: Request, goesOn: () => boolean): void {
    this.#exchanges.get(request)?.hold(goesOn);
  }

  /** Looks at every connection and ends those that take too long. */
  look(): void {
    const sockets = this.#sockets;
    if (!sockets) return;
    const now = this.#now();
    const found = sockets.look();
    this.#room = sockets.countFree() - Math.min(RESERVE.most, RESERVE.share * sockets.limit);
    const patience = this.#room > 0 ? this.#patience : LESS_PATIENCE;
    if (this.#room <= 0) this.tellOfTooFewDescriptors();
    const ended = new Map<string, number>();
    for (const [key, descriptor] of found) {
      const verdict = this.#connectionOf(key).judge(now, patience);
      if (verdict.action === "keep") continue;
      sockets.cut(key, descriptor, { isDropped: verdict.action === "drop" });
      ended.set(verdict.reason, (ended.get(verdict.reason) ?? 0) + 1);
    }
    for (const [key, connection] of this.#connections) {
      // What is under way may be so new that it was not found, and tells itself when it is over.
      if (!found.has(key) && !connection.isUnderWay()) this.#connections.delete(key);
    }
    for (const [reason, count] of ended) this.#log.debug("Ended connections", { reason, count });
  }

  /** Tells the streamer, once in a while, what to do about too few descriptors. */
  tellOfTooFewDescriptors(): void {
    const now = this.#now();
    if (now - this.#remindedAt < REMINDER_MS) return;
    this.#remindedAt = now;
    this.#log.warn(
      "Allow more open files (ulimit -n, or LimitNOFILE of systemd): no more connections fit",
      this.#sockets ? { limit: this.#sockets.limit } : {},
    );
  }

  #begin(request: Request, { remoteAddr, completed }: RequestInfo): Exchange {
    const exchange = new Exchange(this.#now());
    this.#exchanges.set(request, exchange);
    const key = socketKey(remoteAddr);
    if (!this.#connections.has(key)) this.#room--;
    const connection = this.#connectionOf(key);
    if (this.#room < 0 && !connection.hasAsked) this.#unwelcome.add(request);
    connection.begin(exchange);
    const complete = () => exchange.complete();
    completed.then(complete, complete);
    return exchange;
  }

  #connectionOf(key: string): Connection {
    let connection = this.#connections.get(key);
    if (!connection) this.#connections.set(key, connection = new Connection(this.#now()));
    return connection;
  }
}
