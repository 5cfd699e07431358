import { MAX_PAGE_BYTES, type Page, pageStart, readPage } from "./page.ts";

/** Larger chunks are read in steps, so that not much more than one page is held. */
const STEP_BYTES = 1 << 16;

/** Splits a byte stream into Ogg pages. After damage, it goes on at the next whole page. */
export class PageReader {
  readonly #window = new Uint8Array(MAX_PAGE_BYTES + STEP_BYTES);
  #filled = 0;
  #isInDamage = false;
  #damaged = 0;

  /** The number of runs of bytes that are no page. */
  get damaged(): number {
    return this.#damaged;
  }

  /**
   * Adds the next bytes of the stream, and yields the pages that they complete. Iterate to the end.
   *
   * @param chunk Of any length.
   */
  *push(chunk: Uint8Array): Generator<Page, void, void> {
    for (let from = 0; from < chunk.length; from += STEP_BYTES) {
      const step = chunk.subarray(from, from + STEP_BYTES);
      this.#window.set(step, this.#filled);
      this.#filled += step.length;
      yield* this.#pages();
    }
  }

  *#pages(): Generator<Page, void, void> {
    const bytes = this.#window.subarray(0, this.#filled);
    let at = 0;
    for (;;) {
      const start = pageStart(bytes, at);
      if (start > at) this.#skip();
      at = start;
      const result = readPage(bytes.subarray(at));
      if (result === "incomplete") break;
      if (result === "damaged") {
        this.#skip();
        at++;
      } else {
        this.#isInDamage = false;
        yield result.page;
        at += result.length;
      }
    }
    this.#window.copyWithin(0, at, this.#filled);
    this.#filled -= at;
  }

  #skip(): void {
    if (!this.#isInDamage) this.#damaged++;
    this.#isInDamage = true;
  }
}
