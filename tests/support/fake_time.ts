/** Stands in for timers until it is disposed of, so that tests wait for nothing. */
export class FakeTime implements Disposable {
  readonly #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  readonly #timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  #now = 0;
  #nextId = 1;

  constructor() {
    const setTimeout = (run: () => void, delay = 0) => {
      // As the real one, which knows whole milliseconds and no shorter time than one.
      this.#timers.set(this.#nextId, { at: this.#now + Math.max(1, Math.trunc(delay)), run });
      return this.#nextId++;
    };
    const clearTimeout = (id?: number) => void this.#timers.delete(id ?? 0);
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }

  /** Milliseconds that have passed. */
  get now(): number {
    return this.#now;
  }

  /** Lets so many milliseconds pass: runs the timers that come due, in their order. */
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
