/**
 * @typedef {object} Part One part of a multipart stream.
 * @property {Map<string, string>} headers Values by lower-case name.
 * @property {Uint8Array<ArrayBuffer>} body
 */

const CR = 13;
const LF = 10;
const MAX_LINE_BYTES = 8192;
const MAX_HEADERS = 64;

/**
 * Splits a `multipart/x-mixed-replace` stream (RFC 2046, section 5.1) into parts, however its bytes are chunked.
 * A part is complete with its last byte, before the boundary that follows. Every part must have a `Content-Length`.
 */
export class MultipartReader {
  #delimiter;
  #maxBytes;
  /** @type {"boundary" | "headers" | "body"} */
  #state = "boundary";
  #line = new Uint8Array(MAX_LINE_BYTES);
  #lineLength = 0;
  /** @type {Map<string, string>} */
  #headers = new Map();
  /** @type {Uint8Array<ArrayBuffer>} */
  #body = new Uint8Array(0);
  #bodyLength = 0;

  /**
   * @param {object} options
   * @param {string} options.boundary As in the `Content-Type`, without the leading dashes.
   * @param {number} [options.maxBytes] The largest body accepted. Default: 32 MiB.
   */
  constructor({ boundary, maxBytes = 32 * 1024 * 1024 }) {
    this.#delimiter = `--${boundary}`;
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes the next bytes and returns the parts that they complete, oldest first.
   *
   * @param {Uint8Array} chunk The reader copies it.
   * @returns {Part[]}
   * @throws {SyntaxError} The bytes are not a multipart stream. Do not use the reader any further.
   */
  push(chunk) {
    const parts = [];
    let at = 0;
    while (at < chunk.length || this.#bodyIsWhole()) {
      if (this.#state === "body") {
        at += this.#takeBody(chunk, at);
        if (this.#bodyIsWhole()) {
          parts.push({ headers: this.#headers, body: this.#body });
          this.#state = "boundary";
        }
      } else {
        at = this.#takeLine(chunk, at);
      }
    }
    return parts;
  }

  #bodyIsWhole() {
    return this.#state === "body" && this.#bodyLength === this.#body.length;
  }

  /**
   * @param {Uint8Array} chunk
   * @param {number} at
   */
  #takeBody(chunk, at) {
    const take = Math.min(chunk.length - at, this.#body.length - this.#bodyLength);
    this.#body.set(chunk.subarray(at, at + take), this.#bodyLength);
    this.#bodyLength += take;
    return take;
  }

  /**
   * @param {Uint8Array} chunk
   * @param {number} at
   * @returns {number} Where to continue.
   */
  #takeLine(chunk, at) {
    const end = chunk.indexOf(LF, at);
    const piece = chunk.subarray(at, end < 0 ? chunk.length : end);
    if (this.#lineLength + piece.length > MAX_LINE_BYTES) {
      throw new SyntaxError(`Cannot read stream: a line is longer than ${MAX_LINE_BYTES} bytes`);
    }
    this.#line.set(piece, this.#lineLength);
    this.#lineLength += piece.length;
    if (end < 0) return chunk.length;

    if (this.#line[this.#lineLength - 1] === CR) this.#lineLength--;
    const line = new TextDecoder().decode(this.#line.subarray(0, this.#lineLength));
    this.#lineLength = 0;
    if (this.#state === "boundary") {
      if (line === this.#delimiter) this.#beginHeaders();
    } else if (line === "") {
      this.#beginBody();
    } else {
      this.#addHeader(line);
    }
    return end + 1;
  }

  #beginHeaders() {
    this.#headers = new Map();
    this.#state = "headers";
  }

  /** @param {string} line */
  #addHeader(line) {
    const colon = line.indexOf(":");
    if (colon < 1) throw new SyntaxError(`Cannot read stream: bad header: ${line}`);
    if (this.#headers.size === MAX_HEADERS) {
      throw new SyntaxError(`Cannot read stream: a part has more than ${MAX_HEADERS} headers`);
    }
    this.#headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }

  #beginBody() {
    const value = this.#headers.get("content-length") ?? "";
    const length = Number(value);
    if (!/^\d+$/.test(value) || length > this.#maxBytes) {
      throw new SyntaxError(`Cannot read stream: bad Content-Length: ${value}`);
    }
    this.#body = new Uint8Array(length);
    this.#bodyLength = 0;
    this.#state = "body";
  }
}

/**
 * Returns the boundary of a `multipart/…` content type, without quotes; `null` for any other type.
 *
 * @param {string} contentType
 * @returns {string | null}
 */
export function boundaryOf(contentType) {
  const match = /^multipart\/[^;]+;(?:.*;)?\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2] ?? null;
}
