import type { ConnectionTable } from "./connection_table.ts";
import type { Kept } from "./kept_connections.ts";
import type { Protocol } from "./protocol.ts";

/**
 * Why a request has to be refused: too few descriptors for its connection, too many connections of
 * its client, or HTTP/2 without TLS.
 */
export type Refusal = "descriptors" | "client" | "protocol";

/** The connections whose requests have to be refused: for good, unless they are pardoned. */
export class Refusals {
  readonly #refused = new WeakMap<Kept, Refusal>();

  /**
   * Decides whether to refuse a request. A connection that was refused before is dropped: the one
   * answer that said why is enough.
   */
  decide(table: ConnectionTable, kept: Kept, protocol: Protocol): Refusal | null {
    const before = this.#refused.get(kept);
    if (before !== undefined) {
      table.drop(kept);
      return before;
    }
    const refusal = refusalOf(table, kept, protocol);
    if (refusal === null) return null;
    this.#refused.set(kept, refusal);
    kept.connection.isRefused = true;
    return refusal;
  }

  /** Takes a refusal back, so that further requests of the connection are answered. */
  pardon(kept: Kept): void {
    this.#refused.delete(kept);
    kept.connection.isRefused = false;
  }
}

function refusalOf(table: ConnectionTable, kept: Kept, protocol: Protocol): Refusal | null {
  if (protocol === "HTTP/2") return "protocol";
  if (kept.connection.hasAsked) return null;
  if (table.isFull()) return "descriptors";
  return table.admit(kept) ? null : "client";
}
