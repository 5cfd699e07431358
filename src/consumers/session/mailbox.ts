/**
 * Holds the newest item for one slow reader. A second item replaces the first, so that a reader
 * who comes late gets what is new and nothing piles up.
 */
export class Mailbox<T> {
  #item: T | null = null;
  #closed = false;
  #dropped = 0;

  /** Items that were replaced before anyone took them. */
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

  /** The newest item, which is then gone; `null` if there is none. */
  take(): T | null {
    const item = this.#item;
    this.#item = null;
    return item;
  }

  /** Ends it: what is kept is let go, later items are ignored. */
  close(): void {
    this.#closed = true;
    this.#item = null;
  }
}
