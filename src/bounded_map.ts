/**
 * A map that holds at most `limit` entries: when it is full, it forgets the one that was set longest ago.
 * Reading changes nothing; setting an entry again makes it the newest.
 *
 * @example
 * ```ts
 * const seen = new BoundedMap<string, number>(2);
 * seen.set("one", 1);
 * seen.set("two", 2);
 * seen.set("one", 1);
 * const forgotten = seen.set("three", 3); // ["two", 2]
 * ```
 */
export class BoundedMap<Key, Value> implements Iterable<[Key, Value]> {
  readonly #limit: number;
  /** The oldest first. */
  readonly #entries = new Map<Key, Value>();

  /**
   * Creates an empty map.
   *
   * @param limit The most entries, at least 1.
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Returns the value of a key; `undefined` if it is not in the map. */
  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  /** Returns whether a key is in the map. */
  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  /**
   * Sets a value and makes its entry the newest.
   *
   * @returns The entry that the map forgot to make room; `null` if it forgot none.
   */
  set(key: Key, value: Value): [Key, Value] | null {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return null;
    const [oldest] = this.#entries;
    this.#entries.delete(oldest[0]);
    return oldest;
  }

  /** Removes an entry, if there is one. */
  delete(key: Key): void {
    this.#entries.delete(key);
  }

  /** Returns the entries, the oldest first. */
  [Symbol.iterator](): Iterator<[Key, Value]> {
    return this.#entries[Symbol.iterator]();
  }
}
