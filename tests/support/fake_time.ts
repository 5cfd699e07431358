/** Replaces timers until disposed, so that tests do not wait. */
export class FakeTime implements Disposable {
  readonly #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  readonly #timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  #now = 0;
  #nextId = 1;

  constructor() {
    const setTimeout = (run: () => void, delay = 0) => {
      // Like the real one, which rounds to whole milliseconds, at least one.
      this.#timers.set(this.#nextId, { at: this.#now + Math.max(1, Math.trunc(delay)), run });
      return this.#nextId++;
    };
    const clearTimeout = (id?: number) => void this.#timers.delete(id ?? 0);
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }

  /** Elapsed milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** How many timers wait. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Advances time: runs due timers in order. */
  tick(milliseconds: number): void {
    const end = this.#now + milliseconds;
    while (true) {
      const [next] = [...this.#timers].filter(([, { at }]) => at <= end)
        .sort(([, a], [, b]) => a.at - b.at);
      if (!next) break;
      const [id, { at, run }] = next;
      this.#timers.delete(id);
      this.#now = at;
      run();
    }
    this.#now = end;
  }

  [Symbol.dispose](): void {
    Object.assign(globalThis, this.#real);
  }
}
