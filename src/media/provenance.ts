/** Where a frame comes from, as a part of a stream says it. */
export interface Provenance {
  /** The programs that it passed, this one first: what {@linkcode Lineage} made of their ids. */
  readonly via: string;
  /** The page of the first program, which a relay names; `null` at that program itself, or if it is a loopback address. */
  readonly origin: string | null;
}

/** Which programs a relayed frame came through. */
export interface Upstream {
  /** The ids of the programs that its frames passed, the nearest first. */
  readonly via: readonly string[];
  /** The page of the first of them, without anything secret; `null` if there is none for viewers. */
  readonly origin: string | null;
}
