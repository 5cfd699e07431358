/** A queue between a source and its reader that drops its oldest items if the reader is late. */
export class PacketQueue<Item> implements AsyncIterable<Item> {
  readonly #limit: number;
  readonly #items: Item[] = [];
  #isEnded = false;
  #dropped = 0;
  #wake = () => {};

  /**
   * Creates an empty queue.
   *
   * @param limit The most items that wait.
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The number of items that were dropped because the reader was late. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds an item. */
  put(item: Item): void {
    if (this.#isEnded) return;
    if (this.#items.push(item) > this.#limit) {
      this.#items.shift();
      this.#dropped++;
    }
    this.#wake();
  }

  /** Removes what waits. */
  clear(): void {
    this.#items.length = 0;
  }

  /** Ends the reader's iteration, and drops what waits. */
  end(): void {
    this.#isEnded = true;
    this.clear();
    this.#wake();
  }

  /** Yields the items until {@linkcode end}; for one reader. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, void> {
    while (!this.#isEnded) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
        continue;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }
}
