/** Someone who may be counted. */
export interface Countable {
  /** The id in the viewer's cookie; `null` for a client without one. */
  readonly id: string | null;
  /** Whose share of viewers they are: an address or a network; `null` if unknown. */
  readonly origin: string | null;
}

/** The pages that viewers have open. A page counts also while it is paused or in the background. */
export class Presence {
  readonly #streams: () => Iterable<Countable>;
  readonly #maxPerAddress: number;
  /** Each value stands for one open page. */
  readonly #pages = new Map<object, Countable>();

  /**
   * Begins without pages.
   *
   * @param streams Returns the open streams of viewers.
   * @param maxPerAddress The most viewers counted from one address: a cookie is easily made up.
   */
  constructor(streams: () => Iterable<Countable>, maxPerAddress: number) {
    this.#streams = streams;
    this.#maxPerAddress = maxPerAddress;
  }

  /**
   * Counts a page of a viewer until it leaves.
   *
   * @param page Identifies the page.
   * @param viewer Whose page it is.
   */
  arrive(page: object, viewer: Countable): void {
    this.#pages.set(page, viewer);
  }

  /** Counts a page no longer. */
  leave(page: object): void {
    this.#pages.delete(page);
  }

  /**
   * The number of viewers: a browser once, however many pages and streams it has open; every program
   * without a cookie once for each of its streams. One address has no more viewers than it can have streams.
   */
  get count(): number {
    const known = new Set<string>();
    const ofAddress = new Map<string | null, number>();
    let count = 0;
    const add = ({ id, origin }: Countable) => {
      if (id !== null && known.has(id)) return;
      const others = ofAddress.get(origin) ?? 0;
      if (others >= this.#maxPerAddress) return;
      if (id !== null) known.add(id);
      ofAddress.set(origin, others + 1);
      count++;
    };
    // Streams come first, as each took one of the seats of its address.
    for (const stream of this.#streams()) add(stream);
    for (const page of this.#pages.values()) add(page);
    return count;
  }
}
