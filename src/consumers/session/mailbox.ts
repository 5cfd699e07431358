/** Holds the newest item for one slow reader: a second one replaces the first, so nothing piles up. */
export class Mailbox<T> {
  #item: T | null = null;
  #closed = false;
  #dropped = 0;

  /** Items that were replaced before the reader took them. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether an item waits to be taken. */
  get full(): boolean {
    return this.#item !== null;
  }

  /** Keeps the item, in place of an older one. */
  put(item: T): void {
    if (this.#closed) return;
    if (this.#item !== null) this.#dropped++;
    this.#item = item;
  }

  /** Removes and returns the newest item; `null` if there is none. */
  take(): T | null {
    const item = this.#item;
    this.#item = null;
    return item;
  }

  /** Drops the item, and ignores later ones. */
  close(): void {
    this.#closed = true;
    this.#item = null;
  }
}
