/**
 * Holds the newest item for one slow reader. A second item replaces the first, so that a reader
 * who comes late gets what is new and nothing piles up.
 */
export class Mailbox<T> {
  #item: T | null = null;
  #waiting: ((item: T | null) => void) | null = null;
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

  /** Gives the item to whoever waits, else keeps it in place of an older one. */
  put(item: T): void {
    if (this.#closed) return;
    if (this.#waiting) {
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting(item);
      return;
    }
    if (this.#item !== null) this.#dropped++;
    this.#item = item;
  }

  /**
   * The newest item, now or when it comes; `null` once the mailbox is closed.
   *
   * @throws {Error} Another take is still waiting.
   */
  take(): Promise<T | null> {
    if (this.#waiting) throw new Error("Cannot take: another reader waits on this mailbox");
    const item = this.#item;
    this.#item = null;
    if (item !== null || this.#closed) return Promise.resolve(item);
    return new Promise((resolve) => this.#waiting = resolve);
  }

  /** Ends it: whoever waits gets `null`, what is kept is let go, later items are ignored. */
  close(): void {
    this.#closed = true;
    this.#item = null;
    this.#waiting?.(null);
    this.#waiting = null;
  }
}
