/** Forgotten items are released from the array once there are so many of them. */
const COMPACT_AFTER = 1024;

/** A queue whose front is taken in O(1), however long it is. */
export class Queue<Item> {
  readonly #items: (Item | undefined)[] = [];
  /** Where the oldest item is in `#items`. */
  #head = 0;

  /** The number of items. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The oldest item. */
  get first(): Item | undefined {
    return this.#items[this.#head];
  }

  /** The newest item. */
  get last(): Item | undefined {
    return this.length > 0 ? this.#items.at(-1) : undefined;
  }

  /** Returns the item at a place, where 0 is the oldest; `undefined` beyond the ends. */
  get(place: number): Item | undefined {
    return place < 0 ? undefined : this.#items[this.#head + place];
  }

  /** Returns the items from one place up to another. */
  slice(from: number, to: number): Item[] {
    return this.#items.slice(this.#head + from, this.#head + Math.max(from, to)) as Item[];
  }

  /** Adds an item at the end. */
  push(item: Item): void {
    this.#items.push(item);
  }

  /** Removes and returns the newest item. */
  pop(): Item | undefined {
    return this.length > 0 ? this.#items.pop() : undefined;
  }

  /** Removes and returns the oldest item. */
  shift(): Item | undefined {
    const item = this.first;
    if (item === undefined) return undefined;
    this.#items[this.#head++] = undefined;
    if (this.#head >= COMPACT_AFTER && 2 * this.#head >= this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Removes all items. */
  clear(): void {
    this.#items.length = 0;
    this.#head = 0;
  }
}

/** A queue of items in the order of their times, each of which is found in O(log n). */
export class TimedQueue<Item extends { readonly at: number }> extends Queue<Item> {
  /** Returns the first place whose item is at that time or later; `length` if all are earlier. */
  placeOf(at: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.get(middle)!.at < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
