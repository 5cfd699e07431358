/** Waits for a time that can be cut short. */
export class Pause {
  #end = () => {};

  /** Waits for the given time, or until {@linkcode end}. */
  async wait(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#end = resolve;
    await promise;
    clearTimeout(timer);
  }

  /** Ends the current wait, if there is one. */
  end(): void {
    this.#end();
  }
}
