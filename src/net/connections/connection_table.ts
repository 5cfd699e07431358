import type { Logger } from "../../log/log.ts";
import { Clients } from "./clients.ts";
import { Connection } from "./connection.ts";
import { DescriptorRoom } from "./descriptor_room.ts";
import type { Patience } from "./patience.ts";
import { type Protocol, protocolBy, provesHttp1 } from "./protocol.ts";
import type { Descriptors } from "./system_sockets.ts";
import type { Transfer } from "./tcp_info.ts";

/** The system's side of the connections; see {@linkcode SystemSockets}. */
export interface Sockets extends Disposable {
  readonly limit: number;
  readonly span: number;
  look(from?: number, to?: number): Descriptors;
  findNew(key: string): number | null;
  cookieOf(key: string, descriptor: number): bigint | null;
  isListening(): boolean;
  countFree(): number;
  isShort(reserve: number): boolean;
  transferOf(descriptor: number): Transfer | null;
  isClosedByPeer(key: string, descriptor: number): boolean;
  cut(key: string, descriptor: number, how: { isDropped: boolean }): void;
}

export interface ConnectionTableOptions {
  readonly sockets: Sockets;
  readonly log: Logger;
  /** Connections of one client at one time. */
  readonly maxPerClient: number;
  /** Names the client at an address; `null` for an address that stands for many. */
  readonly clientOf: (hostname: string) => string | null;
  /** Whether the connections are by TLS. */
  readonly isSecure: boolean;
  readonly patience: Patience;
  /** Monotonic clock, milliseconds. */
  readonly now: () => number;
  /** Called when a look finds that the server accepts no more connections. */
  readonly onAcceptStopped: () => void;
}

/** A connection with its client, its descriptor and its protocol. */
export interface Kept {
  readonly key: string;
  readonly client: string | null;
  readonly connection: Connection;
  /** Whether it was dropped, so that nobody gets what is still answered. */
  isDropped: boolean;
  /** The round of looks in which it was last seen. */
  round: number;
  /** `null` until it is found. */
  descriptor: number | null;
  /** Stands for the connection for which `protocol` holds. */
  cookie: bigint | null;
  protocol: Protocol;
}

/**
 * Requests under way at one time on one connection, besides streams, which have seats: a proxy may
 * pass all of them over one. A page asks for about 70 files at once.
 */
const MAX_REQUESTS = 100;

/** The most descriptors that are looked at in one go, as each costs about 5 µs. */
const MAX_SLICE = 1_000;
/** How many goes see every connection, unless there are too many. */
const SLICES = 10;

/** Between two counts of the connections that are really there. Milliseconds. */
const RECOUNT_MS = 250;

/** Every connection of the server, those included of which no request came. */
export class ConnectionTable implements Disposable {
  readonly #options: ConnectionTableOptions;
  readonly #room: DescriptorRoom;
  readonly #clients: Clients;
  /** By the other end, as `socketKey` writes it. */
  readonly #connections = new Map<string, Kept>();
  #patience: Patience;
  #countedAt = -Infinity;
  /** Where the next look goes on, and how many times it began with the first descriptor. */
  #next = 0;
  #round = 0;

  constructor(options: ConnectionTableOptions) {
    const { sockets, maxPerClient, patience } = options;
    this.#options = options;
    this.#room = new DescriptorRoom({ ...options, limit: sockets.limit });
    this.#clients = new Clients(maxPerClient);
    this.#patience = patience;
  }

  /** Returns the connection from this other end, which is a new one where it is not known. */
  get(key: string): Kept {
    const known = this.#connections.get(key);
    if (known) {
      known.round = this.#round;
      return known;
    }
    // Those that were not looked at yet were not counted yet.
    this.#room.take();
    return this.#add(key);
  }

  /** Whether there are too few descriptors for new connections. */
  isFull(): boolean {
    if (this.#room.isExceeded && this.#age > RECOUNT_MS) this.look();
    return this.#room.isExceeded;
  }

  /** Lets a connection begin to ask, unless its client has too many that do. */
  admit({ client, connection }: Kept): boolean {
    if (this.#clients.admit(client, connection)) return true;
    if (this.#age <= RECOUNT_MS) return false;
    // Some of them may be gone.
    this.#countedAt = this.#options.now();
    this.#round++;
    for (const key of this.#options.sockets.look().keys()) this.#see(key);
    this.#forgetUnseen();
    return this.#clients.admit(client, connection);
  }

  /**
   * Whether one more request is too much. Where all the connections of its client have too many
   * under way its connection is dropped, on which browsers try again.
   */
  isBusy(kept: Kept): boolean {
    const { exchanges, answers } = kept.connection;
    if (exchanges > 1 && this.#clients.isBusy(kept.client)) this.drop(kept);
    return kept.isDropped || answers > MAX_REQUESTS;
  }

  /** Tells which protocol a request came by. To be asked before the connection has answered it. */
  protocolOf(kept: Kept, { headers }: Pick<Request, "headers">): Protocol {
    const { sockets, isSecure } = this.#options;
    if (provesHttp1(headers)) return "HTTP/1";
    if (isSecure) return null;
    kept.descriptor ??= sockets.findNew(kept.key);
    if (kept.descriptor === null) return null;
    const cookie = sockets.cookieOf(kept.key, kept.descriptor);
    if (cookie !== null && cookie === kept.cookie) return kept.protocol;
    // What it has written tells nothing once it may have answered.
    const isFirst = cookie !== null && !kept.connection.hasAsked;
    kept.cookie = isFirst ? cookie : null;
    const written = isFirst ? sockets.transferOf(kept.descriptor)?.written ?? null : null;
    return kept.protocol = protocolBy(headers, written);
  }

  /** Whether the client of a new connection has closed it already. */
  isClosedByPeer({ key, descriptor }: Kept): boolean {
    const { sockets } = this.#options;
    const found = descriptor ?? sockets.findNew(key);
    return found !== null && sockets.isClosedByPeer(key, found);
  }

  /** Drops a connection with all that its client has not received. */
  drop(kept: Kept): void {
    if (kept.isDropped) return;
    kept.isDropped = true;
    const { sockets } = this.#options;
    const descriptor = kept.descriptor ?? sockets.look().get(kept.key);
    if (descriptor !== undefined) sockets.cut(kept.key, descriptor, { isDropped: true });
  }

  /** Drops a connection of this client, if too much waits for it to be taken. */
  bound({ client, connection }: Kept): void {
    const worst = this.#clients.worst(client, connection);
    if (!worst) return;
    this.#options.log.debug("Dropped a connection: its client leaves too many answers untaken");
    for (const kept of this.#connections.values()) if (kept.connection === worst) this.drop(kept);
  }

  /** Ends the connections of which no request is being answered. */
  end(): void {
    const { sockets } = this.#options;
    for (const [key, descriptor] of sockets.look()) {
      if (this.#connections.get(key)?.connection.exchanges) continue;
      sockets.cut(key, descriptor, { isDropped: false });
    }
  }

  [Symbol.dispose](): void {
    this.#options.sockets[Symbol.dispose]();
  }

  /** Looks at every connection and ends those that take too long. */
  look(): void {
    this.#next = 0;
    this.#lookOn(Infinity);
  }

  /** Looks at some of the connections, and at all where descriptors are about to run out. */
  lookAtSome(): void {
    const { sockets } = this.#options;
    if (this.#room.isFull || sockets.isShort(this.#room.reserve)) this.look();
    else this.#lookOn(Math.min(MAX_SLICE, Math.ceil(sockets.span / SLICES)));
  }

  /** Tells the streamer, once in a while, what to do about too few descriptors. */
  remind(): void {
    this.#room.remind();
  }

  get #age(): number {
    return this.#options.now() - this.#countedAt;
  }

  #lookOn(count: number): void {
    const { sockets, now, log, onAcceptStopped } = this.#options;
    const from = this.#next;
    if (from === 0) {
      this.#round++;
      this.#countedAt = now();
      if (!sockets.isListening()) onAcceptStopped();
      this.#patience = this.#room.count(sockets.countFree());
    }
    this.#next = from + count;
    const ended = new Map<string, number>();
    for (const [key, descriptor] of sockets.look(from, from + count)) {
      const kept = this.#see(key);
      kept.descriptor = descriptor;
      const transferOf = () => sockets.transferOf(descriptor);
      const verdict = kept.connection.judge(now(), this.#patience, transferOf);
      if (verdict.action === "keep") continue;
      // A trusted proxy may bring many clients over one connection (HTTP/2), and has limits of its own.
      if (kept.client === null && kept.connection.exchanges > 1) continue;
      kept.isDropped = true;
      sockets.cut(key, descriptor, { isDropped: verdict.action === "drop" });
      ended.set(verdict.reason, (ended.get(verdict.reason) ?? 0) + 1);
    }
    for (const [reason, count] of ended) log.debug("Ended connections", { reason, count });
    if (this.#next < sockets.span) return;
    this.#next = 0;
    this.#forgetUnseen();
  }

  #see(key: string): Kept {
    const kept = this.#connections.get(key) ?? this.#add(key);
    kept.round = this.#round;
    return kept;
  }

  #add(key: string): Kept {
    const { now, isSecure, clientOf } = this.#options;
    const connection = new Connection(now(), isSecure);
    const client = clientOf(key.slice(0, key.lastIndexOf(" ")));
    const kept: Kept = {
      key,
      client,
      connection,
      isDropped: false,
      round: this.#round,
      descriptor: null,
      cookie: null,
      protocol: null,
    };
    this.#connections.set(key, kept);
    return kept;
  }

  /** Forgets those who were there before this round and were not found in it. */
  #forgetUnseen(): void {
    for (const [key, { client, connection, round }] of this.#connections) {
      // What is under way tells itself when it is over.
      if (round === this.#round || connection.isUnderWay()) continue;
      this.#connections.delete(key);
      this.#clients.delete(client, connection);
    }
  }
}
