/** The end of what a child wrote: its last words. */
export class OutputTail {
  readonly #decoder = new TextDecoder();
  readonly #length: number;
  #text = "";

  /**
   * Has nothing yet.
   *
   * @param length How much is kept. Default: 400. Characters.
   */
  constructor(length = 400) {
    this.#length = length;
  }

  /** What was taken last, without white space around it. */
  get text(): string {
    return this.#text.trim();
  }

  /** Takes what the child wrote next. */
  push(chunk: Uint8Array<ArrayBuffer>): void {
    this.#text = (this.#text + this.#decoder.decode(chunk, { stream: true })).slice(-this.#length);
  }
}
