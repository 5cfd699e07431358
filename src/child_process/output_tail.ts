/** How much is kept. Characters. */
const KEPT_LENGTH = 400;

/** The end of what a child wrote: its last words. */
export class OutputTail {
  readonly #decoder = new TextDecoder();
  #text = "";

  /** What was taken last, without white space around it. */
  get text(): string {
    return this.#text.trim();
  }

  /** Takes what the child wrote next. */
  push(chunk: Uint8Array<ArrayBuffer>): void {
    this.#text = (this.#text + this.#decoder.decode(chunk, { stream: true })).slice(-KEPT_LENGTH);
  }
}
