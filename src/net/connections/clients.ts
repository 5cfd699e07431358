import type { Connection } from "./connection.ts";

/** How much may wait for one client to read it: on one connection, and on all of its own. Bytes. */
const CONNECTION_BYTES = 4 << 20;
const CLIENT_BYTES = 8 << 20;

/** The most requests under way for each connection that a client may have: each takes 10 kB. */
const REQUESTS_PER_CONNECTION = 3;

/** Limits how much one client makes the server hold, whatever its number of connections. */
export class Clients {
  readonly #maxConnections: number;
  readonly #clients = new Map<string, Set<Connection>>();

  /**
   * Creates limits for clients that have no connection yet.
   *
   * @param maxConnections The most connections of one client at a time.
   */
  constructor(maxConnections: number) {
    this.#maxConnections = maxConnections;
  }

  /**
   * Counts a connection for a client, unless the client has too many.
   *
   * @param client `null` for a connection that counts for nobody, such as a trusted proxy's.
   * @returns Whether the client may have it.
   */
  admit(client: string | null, connection: Connection): boolean {
    if (client === null) return true;
    let connections = this.#clients.get(client);
    if (!connections) this.#clients.set(client, connections = new Set());
    if (connections.size >= this.#maxConnections) return false;
    connections.add(connection);
    return true;
  }

  /** Returns whether a client has too many requests under way to begin another one. */
  isBusy(client: string | null): boolean {
    let requests = 0;
    for (const connection of this.#of(client)) requests += connection.exchanges;
    return requests > REQUESTS_PER_CONNECTION * this.#maxConnections;
  }

  /** Counts a connection no longer. */
  delete(client: string | null, connection: Connection): void {
    if (client === null) return;
    const connections = this.#clients.get(client);
    connections?.delete(connection);
    if (connections?.size === 0) this.#clients.delete(client);
  }

  /**
   * Returns the connection to drop if too much waits for a client: the one on which most waits. Returns
   * `null` if it is not too much.
   *
   * @param connection The client's connection that has another answer.
   */
  worst(client: string | null, connection: Connection): Connection | null {
    if (exceeds(connection.untaken, CONNECTION_BYTES)) return connection;
    let count = 0, bytes = 0, worst = connection;
    for (const one of this.#of(client)) {
      count += one.untaken.count;
      bytes += one.untaken.bytes;
      if (one.untaken.bytes > worst.untaken.bytes) worst = one;
    }
    return exceeds({ count, bytes }, CLIENT_BYTES) ? worst : null;
  }

  #of(client: string | null): ReadonlySet<Connection> {
    return (client === null ? undefined : this.#clients.get(client)) ?? NONE;
  }
}

const NONE: ReadonlySet<Connection> = new Set();

/** Returns whether too much waits. A single answer may be of any length. */
function exceeds({ count, bytes }: Connection["untaken"], bound: number): boolean {
  return count > 1 && bytes > bound;
}
