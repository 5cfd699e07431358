/** Lets tests wait for something that happens to an object, which notifies of each change. */
export class Changes {
  readonly #checks = new Set<() => void>();

  /** Makes everyone who waits look again. */
  notify(): void {
    for (const check of this.#checks) check();
  }

  /**
   * Looks at once and after each change until it sees something, which it returns. An error of
   * `look` ends the wait.
   *
   * @param look Returns something that is true as a condition when the wait is over.
   */
  async until<T>(what: string, look: () => T, withinMs: number): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const check = () => {
      try {
        const seen = look();
        if (!seen) return;
        this.#checks.delete(check);
        resolve(seen);
      } catch (error) {
        reject(error);
      }
    };
    const late = new Error(`Waited ${withinMs / 1000} s for ${what}`);
    const timer = setTimeout(() => reject(late), withinMs);
    this.#checks.add(check);
    try {
      check();
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#checks.delete(check);
    }
  }
}
