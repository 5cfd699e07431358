import type { Provenance, Upstream } from "../media/provenance.ts";

/** Characters of an id. Two programs of a tree have the same one once in 10^12 trees. */
const ID_LENGTH = 8;

/**
 * This program's id, and those of the programs that it relays. Each part of its streams carries them, so that a program
 * which gets its own stream back notices.
 */
export class Lineage {
  /** Names this program until it ends. */
  readonly id: string;
  #upstream: Upstream | null = null;
  #origin: string | null = null;
  #provenance: Provenance;

  /**
   * Relays nothing yet.
   *
   * @param id Lower-case letters and digits. Default: a random one.
   */
  constructor(id: string = crypto.randomUUID().slice(0, ID_LENGTH)) {
    this.id = id;
    this.#provenance = { via: id, origin: null };
  }

  /** What parts carry. */
  get provenance(): Provenance {
    return this.#provenance;
  }

  /** The page of the program that is relayed in the end; `null` unless this one is a relay. */
  get origin(): string | null {
    return this.#origin;
  }

  /** Takes it that another source is shown, which is not known to be a program. */
  reset(): void {
    // Not by `follow`, which changes nothing where the relay was interrupted before.
    this.#upstream = null;
    this.#origin = null;
    this.#provenance = { via: this.id, origin: null };
  }

  /** Takes the program that is relayed now; `null` while none is. */
  follow(upstream: Upstream | null): void {
    if (upstream === this.#upstream) return;
    this.#upstream = upstream;
    if (upstream !== null) this.#origin = upstream.origin;
    const via = [this.id, ...upstream?.via ?? []].join(", ");
    // Elsewhere, a loopback address would lead to another machine.
    const origin = this.#origin === null || isLoopbackPage(this.#origin) ? null : this.#origin;
    this.#provenance = { via, origin };
  }
}

/** Returns whether a page's address leads to the machine on which it is opened. */
function isLoopbackPage(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" ||
    hostname.startsWith("127.");
}
