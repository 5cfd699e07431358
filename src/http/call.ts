import type { GuessKeys } from "../net/networks.ts";

/** The other end of a connection. */
export interface Remote {
  /** Its IP address. */
  readonly hostname: string;
  /** Its port. */
  readonly port: number;
}

/** A request, its parsed address, and its sender. */
export interface Call {
  /** The request itself. */
  readonly request: Request;
  /**
   * The address the client used, with `https:` also where a trusted proxy ends HTTPS. Its path is that
   * of the route: without the base path, and rewritten if the client used a common alias.
   */
  readonly url: URL;
  /** The path the client used, without the base path but not rewritten. */
  readonly askedPath: string;
  /** The path of the watch page in the client's address. Begins and ends with `/`. */
  readonly basePath: string;
  /** The other end of the connection, which may be a proxy. */
  readonly remote: Remote;
  /**
   * The client whose share of seats and changes the request uses, by the sender's address, or by the
   * address that a trusted proxy reports; see `Networks.capacityKey`.
   */
  readonly capacityKey: string;
  /** The clients for whom a wrong password or token counts. */
  readonly guessKeys: GuessKeys;
  /** Whether the other end of the connection is a trusted proxy, not the client. */
  readonly isForwarded: boolean;
}
