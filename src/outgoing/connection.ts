/** Where to connect to. */
export interface Destination {
  /** A name, or an IPv4 address. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** Whether to speak TLS, and to verify the certificate. */
  readonly isSecure: boolean;
}

/** A TCP connection, with or without TLS. */
export interface Connection {
  /** Resolves to what arrived; `null` at the end. Call it again only when it has resolved. */
  read(): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Resolves when the system has taken the bytes. They may be used again then. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Closes it. What is being read or written fails. */
  close(): void;
}

/** Makes connections. */
export interface Connector {
  /**
   * Connects.
   *
   * @param signal Ends the attempt.
   * @throws {OutgoingError} It failed.
   */
  connect(to: Destination, signal: AbortSignal): Promise<Connection>;
}

/** Why something could not be reached; the message is for people, follows a colon and has no secrets. */
export class OutgoingError extends Error {
  /** The name of the class. */
  override readonly name = "OutgoingError";
}
