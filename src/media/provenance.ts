/** Where a frame comes from, as a part of a stream says it. */
export interface Provenance {
  /** The programs that it passed, this one first: what {@linkcode Lineage} made of their ids. */
  readonly via: string;
  /** The page of the first program, which a relay names; `null` at that program itself. */
  readonly origin: string | null;
}

/** Which programs a relayed frame came through. */
export interface Upstream {
  /** The ids of the programs that its frames passed, the nearest first. */
  readonly via: readonly string[];
  /** The page of the first of them, without anything secret; `null` if there is none for viewers. */
  readonly origin: string | null;
}

/** Returns whether a page's address leads to the machine on which it is opened. */
export function isLoopbackPage(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" ||
    hostname.startsWith("127.");
}
