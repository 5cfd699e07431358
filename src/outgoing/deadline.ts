/** A signal that comes after a while, unless it is disposed of before. */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #ending: AbortSignal | undefined;
  readonly #abort = () => this.#controller.abort();

  /**
   * Begins to wait.
   *
   * @param milliseconds How long.
   * @param ending Makes it come at once.
   */
  constructor(milliseconds: number, ending?: AbortSignal) {
    this.#timer = setTimeout(this.#abort, milliseconds);
    this.#ending = ending;
    if (ending?.aborted) this.#abort();
    ending?.addEventListener("abort", this.#abort);
  }

  /** The signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** It does not come any more. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#ending?.removeEventListener("abort", this.#abort);
  }
}
