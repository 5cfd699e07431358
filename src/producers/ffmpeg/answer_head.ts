/** A header line in ffmpeg's log. */
const HEADER = /\bheader='(Content-Type|ETag|Last-Modified):(.*)'\s*$/i;
/** An entity tag as RFC 9110 section 8.8.3 defines it, in ASCII. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]{0,256}"$/;
/** A date in any of the formats of RFC 9110 section 5.6.7. */
const DATE = /^[A-Za-z0-9 ,:+-]{1,64}$/;

/**
 * Reads the status, type and validators (RFC 9110 section 8.8) of an HTTP response from the log that
 * ffmpeg writes at level `trace`.
 */
export class AnswerHead {
  #status = 0;
  #isMultipart = false;
  #entityTag: string | null = null;
  #lastModified: string | null = null;

  /** Whether the response was 304: the picture has not changed. */
  get isNotModified(): boolean {
    return this.#status === 304;
  }

  /** Whether the response is multipart (RFC 2046 section 5.1), like the stream of a camera. */
  get isMultipart(): boolean {
    return this.#isMultipart;
  }

  /**
   * Reads a line of ffmpeg's standard error. If ffmpeg is refused and then logs in, the last response
   * counts.
   */
  take(line: string): void {
    const [, status] = /\bhttp_code=(\d{3})\s*$/.exec(line) ?? [];
    if (status !== undefined) {
      this.#status = Number(status);
      this.#isMultipart = false;
      this.#entityTag = this.#lastModified = null;
      return;
    }
    const [, name, text] = HEADER.exec(line) ?? [];
    if (name === undefined) return;
    const value = text.trim();
    switch (name.toLowerCase()) {
      case "content-type":
        this.#isMultipart = /^multipart\//i.test(value);
        break;
      case "etag":
        this.#entityTag = ENTITY_TAG.test(value) ? value : null;
        break;
      case "last-modified":
        this.#lastModified = DATE.test(value) ? value : null;
    }
  }

  /** Returns the headers that make a request conditional on a change; empty without validators. */
  conditions(): string {
    const tag = this.#entityTag === null ? "" : `If-None-Match: ${this.#entityTag}\r\n`;
    const date = this.#lastModified === null ? "" : `If-Modified-Since: ${this.#lastModified}\r\n`;
    return tag + date;
  }
}
