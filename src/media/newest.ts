/**
 * Hands items from a writer to one reader; newest wins. If the reader has not taken an item by the
 * time the next one comes, the older one is dropped and counted.
 */
export class Newest<Item> implements AsyncIterable<Item> {
  #item: { readonly value: Item } | null = null;
  #wake: (() => void) | null = null;
  #isEnded = false;
  #dropped = 0;

  /** Returns how many items a newer one replaced before the reader took them. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Offers an item; does nothing after the end. */
  put(value: Item): void {
    if (this.#isEnded) return;
    if (this.#item) this.#dropped++;
    this.#item = { value };
    this.#wake?.();
  }

  /** Ends the reader's loop once it has taken what is there. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** Yields the newest item whenever the reader asks. For one reader at a time. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, void> {
    while (true) {
      const item = this.#item;
      this.#item = null;
      if (item) yield item.value;
      else if (this.#isEnded) return;
      else await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}
