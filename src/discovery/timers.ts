/** Timers that can be cancelled together. */
export class Timers {
  readonly #ids = new Set<ReturnType<typeof setTimeout>>();

  /** How many are waiting. */
  get size(): number {
    return this.#ids.size;
  }

  /** Calls a function once, after so many milliseconds. */
  after(milliseconds: number, run: () => void): void {
    const id = setTimeout(() => {
      this.#ids.delete(id);
      run();
    }, milliseconds);
    this.#ids.add(id);
  }

  /** Cancels all. */
  clear(): void {
    for (const id of this.#ids) clearTimeout(id);
    this.#ids.clear();
  }
}
