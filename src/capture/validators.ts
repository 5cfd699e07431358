/** An entity tag as RFC 9110 section 8.8.3 defines it, in ASCII. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]{0,256}"$/;
/** A date in any of the formats of RFC 9110 section 5.6.7. */
const DATE = /^[A-Za-z0-9 ,:+-]{1,64}$/;

/**
 * Reads an HTTP answer's status and validators (RFC 9110 section 8.8) from the log that ffmpeg writes
 * at level `trace`.
 */
export class Validators {
  #status = 0;
  #entityTag: string | null = null;
  #lastModified: string | null = null;

  /** Whether the answer was 304: the picture has not changed. */
  get isNotModified(): boolean {
    return this.#status === 304;
  }

  /**
   * Takes a line of ffmpeg's standard error.
   *
   * Where ffmpeg is refused and then logs in, the last answer counts.
   */
  take(line: string): void {
    const [, status] = /\bhttp_code=(\d{3})\s*$/.exec(line) ?? [];
    if (status !== undefined) {
      this.#status = Number(status);
      this.#entityTag = this.#lastModified = null;
      return;
    }
    const [, name, text] = /\bheader='(ETag|Last-Modified):(.*)'\s*$/i.exec(line) ?? [];
    if (name === undefined) return;
    const value = text.trim();
    if (name.toLowerCase() === "etag") this.#entityTag = ENTITY_TAG.test(value) ? value : null;
    else this.#lastModified = DATE.test(value) ? value : null;
  }

  /** Returns the header lines of a request for the picture if it has changed since; empty for none. */
  conditions(): string {
    const tag = this.#entityTag === null ? "" : `If-None-Match: ${this.#entityTag}\r\n`;
    const date = this.#lastModified === null ? "" : `If-Modified-Since: ${this.#lastModified}\r\n`;
    return tag + date;
  }
}
