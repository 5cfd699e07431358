import type { Transfer } from "./tcp_info.ts";

/** Descriptors of accepted connections, by the other end as `socketKey` writes it. */
export type Descriptors = ReadonlyMap<string, number>;

/**
 * The accepted TCP connections of this process as the system has them, including those of which
 * `Deno.serve` reports nothing.
 */
export interface Sockets extends Disposable {
  /** How many descriptors this process may have. */
  readonly limit: number;

  /** How many descriptors to look at to find every connection; grows as more are found. */
  readonly span: number;

  /** Finds the connections among the descriptors of a range; by default, all of them. */
  look(from?: number, to?: number): Descriptors;

  /**
   * Returns the descriptor of a connection that was accepted a moment ago; `null` if it is not
   * found in reasonable time.
   */
  findNew(key: string): number | null;

  /**
   * Returns the number that no other connection ever has; `null` where the system gives none, or if
   * the descriptor is now another's.
   */
  cookieOf(key: string, descriptor: number): bigint | null;

  /** Returns whether the socket by which the server accepts connections is open. */
  isListening(): boolean;

  /** Returns how many more descriptors this process may have; a lower bound if there are plenty. */
  countFree(): number;

  /** Returns whether fewer descriptors than these seem to be free; cheap, and only a guess. */
  isShort(reserve: number): boolean;

  /**
   * Returns what has gone over a connection; `null` where the system does not report it, or if the
   * descriptor is now another's.
   */
  transferOf(key: string, descriptor: number): Transfer | null;

  /**
   * Returns the congestion control that a new connection has: the system's default, or `wanted` where the
   * system allows it; `null` where that is not known.
   */
  congestionControlOfNew(wanted: string | null): string | null;

  /**
   * Chooses the congestion control of a connection, if the system allows it, unless the descriptor is
   * now another's.
   */
  setCongestionControl(key: string, descriptor: number, name: string): void;

  /** Returns whether the other end has closed; `false` where the system does not report it. */
  isClosedByPeer(key: string, descriptor: number): boolean;

  /**
   * Ends a connection, unless the descriptor is now another's.
   *
   * @param how Whether what was sent and not received is dropped. Otherwise the system keeps that,
   * for minutes if nobody reads it.
   */
  cut(key: string, descriptor: number, how: { isDropped: boolean }): void;
}
