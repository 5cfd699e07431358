import { socketKey } from "../bandwidth/socket_statistics.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../log.ts";
import { Connection, Exchange, type Patience } from "./connection.ts";
import { type Descriptors, SystemSockets } from "./system_sockets.ts";

/** The system's side of the connections; see {@linkcode SystemSockets}. */
export interface Sockets extends Disposable {
  readonly limit: number;
  look(): Descriptors;
  isListening(): boolean;
  countFree(): number;
  isShort(reserve: number): boolean;
  receivedBy(descriptor: number): number | null;
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
  answer: 15_000,
  response: 120_000,
  farewell: 2_000,
  idle: 60_000,
};
/** While descriptors are few, and while they are about to run out. */
const LESS_PATIENCE: Patience = { ...PATIENCE, header: 1_000, idle: 1_000 };
const NO_PATIENCE: Patience = { ...PATIENCE, header: -Infinity, idle: -Infinity };

/**
 * Descriptors that new connections do not get: for those that nobody sees coming, for ffmpeg and
 * files. So many, or this share of a low limit.
 */
const RESERVE = { most: 4096, share: 1 / 4 };

/** How often it is asked whether descriptors run out, and how many times so seldom all is looked at. */
const PROBE_MS = 100;
const PROBES_A_LOOK = 10;

/** That descriptors are too few is told once in so long. Milliseconds. */
const REMINDER_MS = 60_000;

/** What is known of a request. */
interface Followed {
  readonly key: string;
  readonly exchange: Exchange;
  /** Whether it came on a new connection for which there is no room. */
  readonly isTooMany: boolean;
}

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
  readonly #requests = new WeakMap<Request, Followed>();
  /** Called when a look finds that the server accepts no more connections. */
  onDeaf: () => void = () => {};
  #sockets: Sockets | null = null;
  /** As the last look found them. */
  #found: Descriptors = new Map();
  #lookedAt = -Infinity;
  #timer: ReturnType<typeof setInterval> | undefined;
  #probes = 0;
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

  /** How many descriptors this process may have; `null` where that is not known. */
  get limit(): number | null {
    return this.#sockets?.limit ?? null;
  }

  /** Begins to look after the connections of the server that listens on this port. */
  start(port: number): void {
    try {
      this.watch(new SystemSockets(port));
    } catch (error) {
      this.#log.debug(`No connection is ended for its slowness: ${messageOf(error)}`);
      return;
    }
    this.#timer = setInterval(() => this.#probe(), PROBE_MS);
  }

  /** Takes the system's side; {@linkcode look} is then to be called about once a second. */
  watch(sockets: Sockets): void {
    this.#sockets = sockets;
  }

  /** Ends those who are not being answered, so that nobody waits for them, and looks no more. */
  stop(): void {
    clearInterval(this.#timer);
    for (const [key, descriptor] of this.#sockets?.look() ?? []) {
      if (this.#connections.get(key)?.exchanges) continue;
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
    return this.#requests.get(request)?.isTooMany ?? false;
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
    const key = this.#requests.get(request)?.key ?? "";
    if (!this.#sockets || this.#connections.get(key)?.exchanges !== 1) return;
    const descriptor = this.#found.get(key) ?? this.#sockets.look().get(key);
    if (descriptor !== undefined) this.#sockets.cut(key, descriptor, { isDropped: true });
  }

  /** Looks at every connection and ends those that take too long. */
  look(): void {
    const sockets = this.#sockets;
    if (!sockets) return;
    const now = this.#lookedAt = this.#now();
    if (!sockets.isListening()) this.onDeaf();
    const found = this.#found = sockets.look();
    const patience = this.#patienceFor(sockets.countFree());
    const ended = new Map<string, number>();
    for (const [key, descriptor] of found) {
      const verdict = this.#connectionOf(key).judge(
        now,
        patience,
        () => sockets.receivedBy(descriptor),
      );
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
      { limit: this.limit },
    );
  }

  get #reserve(): number {
    const { most, share } = RESERVE;
    return Math.min(most, Math.ceil(share * (this.limit ?? 0)));
  }

  #probe(): void {
    const isTime = ++this.#probes % PROBES_A_LOOK === 0;
    const isShort = this.#room <= 0 || this.#sockets!.isShort(this.#reserve);
    if (isTime || isShort) this.look();
  }

  #patienceFor(free: number): Patience {
    const reserve = this.#reserve;
    this.#room = free - reserve;
    if (this.#room > 0) return this.#patience;
    this.tellOfTooFewDescriptors();
    return free > reserve / 2 ? LESS_PATIENCE : NO_PATIENCE;
  }

  #begin(request: Request, { remoteAddr, completed }: RequestInfo): Exchange {
    const key = socketKey(remoteAddr);
    // Those that were not looked at yet were not counted yet.
    if (!this.#connections.has(key)) this.#room--;
    const connection = this.#connectionOf(key);
    const isNew = !connection.hasAsked;
    const exchange = new Exchange(this.#now());
    connection.begin(exchange);
    // Some of those that were counted may be gone by now.
    if (isNew && this.#room < 0 && this.#now() - this.#lookedAt > PROBE_MS) this.look();
    this.#requests.set(request, { key, exchange, isTooMany: isNew && this.#room < 0 });
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
