import type { Logger } from "../../log/log.ts";
import { DescriptorRoom } from "./descriptor_room.ts";
import { type Kept, KeptConnections, type KeptConnectionsOptions } from "./kept_connections.ts";
import type { Patience } from "./patience.ts";
import { type Protocol, protocolBy, provesHttp1 } from "./protocol.ts";
import type { Sockets } from "./sockets.ts";
import type { Transfer } from "./tcp_info.ts";

/** Options of {@linkcode ConnectionTable}. */
export interface ConnectionTableOptions extends KeptConnectionsOptions {
  /** The system's side of the connections. */
  readonly sockets: Sockets;
  /** Where to report the connections that were ended. */
  readonly log: Logger;
  /** How long each stage of a connection may take. */
  readonly patience: Patience;
  /** Called when a look finds that the server accepts no more connections. */
  readonly onAcceptStopped: () => void;
}

/**
 * The most requests under way at a time on one connection. Streams do not count, as they have seats: a
 * proxy may pass all of them over one connection. A page requests about 70 files at once.
 */
const MAX_REQUESTS = 100;

/** The most descriptors to look at in one go, as each takes about 5 µs. */
const MAX_SLICE = 1_000;
/** The number of goes that see every connection, unless there are too many. */
const SLICES = 10;

/** The pause between two counts of the connections that are really there. Milliseconds. */
const RECOUNT_MS = 250;

/** Looks at every connection of the server, and decides which may stay and what each may request. */
export class ConnectionTable implements Disposable {
  readonly #options: ConnectionTableOptions;
  readonly #room: DescriptorRoom;
  readonly #connections: KeptConnections;
  #patience: Patience;
  #countedAt = -Infinity;
  /** The descriptor at which the next look continues. */
  #next = 0;

  /** Creates a table that has seen no connection yet. */
  constructor(options: ConnectionTableOptions) {
    const { sockets, patience } = options;
    this.#options = options;
    this.#room = new DescriptorRoom({ ...options, limit: sockets.limit });
    this.#connections = new KeptConnections(options);
    this.#patience = patience;
  }

  /** Returns the connection from this other end, which is new if it is not known. */
  get(key: string): Kept {
    // One that was not looked at yet was not counted yet.
    if (!this.#connections.find(key)) this.#room.take();
    return this.#connections.see(key);
  }

  /** Returns whether there are too few descriptors for new connections. */
  isFull(): boolean {
    if (this.#room.isExceeded && this.#age > RECOUNT_MS) this.look();
    return this.#room.isExceeded;
  }

  /** Lets a connection send requests, unless its client has too many connections that do. */
  admit({ client, connection }: Kept): boolean {
    const { clients } = this.#connections;
    if (clients.admit(client, connection)) return true;
    if (this.#age <= RECOUNT_MS) return false;
    // Some of them may be gone.
    this.#countedAt = this.#options.clock.monotonic();
    this.#connections.beginRound();
    for (const key of this.#options.sockets.look().keys()) this.#connections.see(key);
    this.#connections.endRound();
    return clients.admit(client, connection);
  }

  /**
   * Returns whether one more request is too much. If all connections of its client together have too
   * many under way, drops the connection: browsers then try again.
   */
  isBusy(kept: Kept): boolean {
    const { exchanges, answers } = kept.connection;
    if (exchanges > 1 && this.#connections.clients.isBusy(kept.client)) this.drop(kept);
    return kept.isDropped || answers > MAX_REQUESTS;
  }

  /** Returns the protocol of a request. Call it before the connection has answered the request. */
  protocolOf(kept: Kept, { headers }: Pick<Request, "headers">): Protocol {
    const { sockets, isSecure } = this.#options;
    if (provesHttp1(headers)) return "HTTP/1";
    if (isSecure) return null;
    kept.descriptor ??= sockets.findNew(kept.key);
    if (kept.descriptor === null) return null;
    const cookie = sockets.cookieOf(kept.key, kept.descriptor);
    if (cookie !== null && cookie === kept.cookie) return kept.protocol;
    // What the connection has written proves nothing once it may have answered.
    const isFirst = cookie !== null && !kept.connection.hasAsked;
    kept.cookie = isFirst ? cookie : null;
    const written = isFirst ? sockets.transferOf(kept.key, kept.descriptor)?.written ?? null : null;
    return kept.protocol = protocolBy(headers, written);
  }

  /** Returns whether the client of a new connection has closed it already. */
  isClosedByPeer({ key, descriptor }: Kept): boolean {
    const { sockets } = this.#options;
    const found = descriptor ?? sockets.findNew(key);
    return found !== null && sockets.isClosedByPeer(key, found);
  }

  /** Returns what has gone over the connection from this other end; `null` if that is not known. */
  transferOf(key: string): Transfer | null {
    const descriptor = this.#descriptorOf(key);
    return descriptor === null ? null : this.#options.sockets.transferOf(key, descriptor);
  }

  /**
   * Returns the congestion control that a new connection has: the system's default, or `wanted` where the
   * system allows it; `null` where that is not known.
   */
  congestionControlOfNew(wanted: string | null): string | null {
    return this.#options.sockets.congestionControlOfNew(wanted);
  }

  /**
   * Chooses the congestion control of the connection from this other end, if the system allows it.
   *
   * @returns Whether the connection was found.
   */
  setCongestionControl(key: string, name: string): boolean {
    const descriptor = this.#descriptorOf(key);
    if (descriptor === null) return false;
    this.#options.sockets.setCongestionControl(key, descriptor, name);
    return true;
  }

  /** Drops a connection and all that its client has not received. */
  drop(kept: Kept): void {
    if (kept.isDropped) return;
    kept.isDropped = true;
    const { sockets } = this.#options;
    const descriptor = kept.descriptor ?? sockets.look().get(kept.key);
    if (descriptor !== undefined) sockets.cut(kept.key, descriptor, { isDropped: true });
  }

  /** Drops a connection of this client if too many answers wait for it. */
  bound({ client, connection }: Kept): void {
    const worst = this.#connections.clients.worst(client, connection);
    if (!worst) return;
    this.#options.log.debug("Dropped a connection: its client left too many responses unread");
    for (const kept of this.#connections) if (kept.connection === worst) this.drop(kept);
  }

  /** Ends the connections on which no request is being answered. */
  end(): void {
    const { sockets } = this.#options;
    for (const [key, descriptor] of sockets.look()) {
      if (this.#connections.find(key)?.connection.exchanges) continue;
      sockets.cut(key, descriptor, { isDropped: false });
    }
  }

  /** Lets go of the system's side. */
  [Symbol.dispose](): void {
    this.#options.sockets[Symbol.dispose]();
  }

  /** Looks at every connection and ends those that take too long. */
  look(): void {
    this.#next = 0;
    this.#lookOn(Infinity);
  }

  /** Looks at some of the connections, or at all of them if descriptors are about to run out. */
  lookAtSome(): void {
    const { sockets } = this.#options;
    if (this.#room.isFull || sockets.isShort(this.#room.reserve)) this.look();
    else this.#lookOn(Math.min(MAX_SLICE, Math.ceil(sockets.span / SLICES)));
  }

  /** Logs, once in a while, what to do about too few descriptors. */
  remind(): void {
    this.#room.remind();
  }

  /** Returns the descriptor of a connection over which a request came; `null` until it is found. */
  #descriptorOf(key: string): number | null {
    const kept = this.#connections.find(key);
    return kept ? kept.descriptor ??= this.#options.sockets.findNew(key) : null;
  }

  get #age(): number {
    return this.#options.clock.monotonic() - this.#countedAt;
  }

  #lookOn(count: number): void {
    const { sockets, clock, log, onAcceptStopped } = this.#options;
    const from = this.#next;
    if (from === 0) {
      this.#connections.beginRound();
      this.#countedAt = clock.monotonic();
      if (!sockets.isListening()) onAcceptStopped();
      this.#patience = this.#room.count(sockets.countFree());
    }
    this.#next = from + count;
    const ended = new Map<string, number>();
    for (const [key, descriptor] of sockets.look(from, from + count)) {
      const reason = this.#judge(key, descriptor);
      if (reason !== null) ended.set(reason, (ended.get(reason) ?? 0) + 1);
    }
    for (const [reason, count] of ended) log.debug("Ended connections", { reason, count });
    if (this.#next < sockets.span) return;
    this.#next = 0;
    this.#connections.endRound();
  }

  /** Ends a connection that takes too long, and returns why; `null` if it stays. */
  #judge(key: string, descriptor: number): string | null {
    const { sockets, clock } = this.#options;
    const kept = this.#connections.see(key);
    kept.descriptor = descriptor;
    const transferOf = () => sockets.transferOf(key, descriptor);
    const verdict = kept.connection.judge(clock.monotonic(), this.#patience, transferOf);
    if (verdict.action === "keep") return null;
    // A trusted proxy may bring many clients over one connection (HTTP/2), and has limits of its own.
    if (kept.client === null && kept.connection.exchanges > 1) return null;
    kept.isDropped = true;
    sockets.cut(key, descriptor, { isDropped: verdict.action === "drop" });
    return verdict.reason;
  }
}
