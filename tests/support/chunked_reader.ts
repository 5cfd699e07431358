const LF = 10;

/** Removes the framing from a chunked body (RFC 9112 section 7.1), however its bytes arrive. */
export class ChunkedReader {
  /** Whether the last chunk has arrived, after which the connection may stay open. */
  isOver = false;
  #left = 0;
  #line = "";

  /** Takes the next bytes and returns the pieces of the body in them. */
  push(bytes: Uint8Array): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      if (this.#left > 0) {
        const piece = bytes.subarray(at, at + this.#left);
        pieces.push(piece);
        this.#left -= piece.length;
        at += piece.length;
      } else if (bytes[at] === LF) {
        const size = parseInt(this.#line, 16);
        // The line that ends a chunk is empty, so no bytes follow it.
        this.#left = size || 0;
        this.isOver ||= size === 0;
        this.#line = "";
        at++;
      } else {
        this.#line += String.fromCharCode(bytes[at++]);
      }
    }
    return pieces;
  }
}
