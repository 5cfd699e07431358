import type { Clock } from "../../clock.ts";
import { Clients } from "./clients.ts";
import { Connection } from "./connection.ts";
import type { Protocol } from "./protocol.ts";

/** A connection with its client, its descriptor and its protocol. */
export interface Kept {
  /** The other end, as `socketKey` writes it. */
  readonly key: string;
  /** Whose it is; `null` for an address that stands for many clients. */
  readonly client: string | null;
  /** What has happened on it. */
  readonly connection: Connection;
  /** Whether it was dropped, so that nobody receives what is still answered. */
  isDropped: boolean;
  /** The round of looks in which it was last seen. */
  round: number;
  /** The descriptor; `null` until it is found. */
  descriptor: number | null;
  /** Identifies the connection that speaks `protocol`. */
  cookie: bigint | null;
  /** What it speaks. */
  protocol: Protocol;
}

/** Options of {@linkcode KeptConnections}. */
export interface KeptConnectionsOptions {
  /** The most connections of one client at a time. */
  readonly maxPerClient: number;
  /** Names the client at an address; `null` for an address that stands for many. */
  readonly clientOf: (hostname: string) => string | null;
  /** Whether the connections are by TLS. */
  readonly isSecure: boolean;
  /** Says when a connection began. */
  readonly clock: Pick<Clock, "monotonic">;
}

/**
 * The connections of the server, including those without a request so far. They are seen in rounds:
 * one that was not seen in a whole round is gone.
 */
export class KeptConnections implements Iterable<Kept> {
  readonly #options: KeptConnectionsOptions;
  /** By the other end, as `socketKey` writes it. */
  readonly #connections = new Map<string, Kept>();
  #round = 0;
  /** Bounds what each client may have. */
  readonly clients: Clients;

  /** Creates an empty collection. */
  constructor(options: KeptConnectionsOptions) {
    this.#options = options;
    this.clients = new Clients(options.maxPerClient);
  }

  /** Returns the connection from this other end, if it is known. */
  find(key: string): Kept | undefined {
    return this.#connections.get(key);
  }

  /** Notes that the connection from this other end is there, and returns it. */
  see(key: string): Kept {
    const kept = this.#connections.get(key) ?? this.#add(key);
    kept.round = this.#round;
    return kept;
  }

  /** Begins a round, in which every connection that is there must be seen. */
  beginRound(): void {
    this.#round++;
  }

  /** Ends a round: forgets the connections that were not seen in it and have nothing under way. */
  endRound(): void {
    for (const [key, { client, connection, round }] of this.#connections) {
      // What is under way reports its own end.
      if (round === this.#round || connection.isUnderWay()) continue;
      this.#connections.delete(key);
      this.clients.delete(client, connection);
    }
  }

  /** Returns every connection. */
  [Symbol.iterator](): Iterator<Kept> {
    return this.#connections.values();
  }

  #add(key: string): Kept {
    const { clock, isSecure, clientOf } = this.#options;
    const kept: Kept = {
      key,
      client: clientOf(key.slice(0, key.lastIndexOf(" "))),
      connection: new Connection(clock.monotonic(), isSecure),
      isDropped: false,
      round: this.#round,
      descriptor: null,
      cookie: null,
      protocol: null,
    };
    this.#connections.set(key, kept);
    return kept;
  }
}
