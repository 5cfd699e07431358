/** Holds the newest bytes of a stream in one piece. */
export class ByteWindow {
  readonly #leastSize: number;
  #buffer: Uint8Array<ArrayBuffer>;
  #end = 0;

  /**
   * Creates an empty window.
   *
   * @param leastSize Number of bytes that the buffer holds before it grows.
   */
  constructor(leastSize: number) {
    this.#leastSize = leastSize;
    this.#buffer = new Uint8Array(leastSize);
  }

  /** The bytes that are held. {@linkcode append} may change their positions. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#end);
  }

  /**
   * Appends bytes; if the buffer is full, drops the bytes before `from` first.
   *
   * @param maxSize The buffer grows to no more than this; what is held and appended fits into it.
   * @returns How far the bytes have moved towards the front.
   */
  append(bytes: Uint8Array, from: number, maxSize: number): number {
    const isFull = this.#end + bytes.length > this.#buffer.length;
    if (isFull) this.#makeRoom(bytes.length, from, maxSize);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
    return isFull ? from : 0;
  }

  /** Drops all bytes and frees their memory. */
  clear(): void {
    this.#buffer = new Uint8Array(this.#leastSize);
    this.#end = 0;
  }

  #makeRoom(length: number, from: number, maxSize: number): void {
    const held = this.#end - from;
    const old = this.#buffer;
    // At most half full afterwards, so that bytes are seldom moved; but no more than is allowed.
    const size = Math.min(2 * (held + length), maxSize);
    if (size > old.length) {
      this.#buffer = new Uint8Array(size);
      this.#buffer.set(old.subarray(from, this.#end));
    } else {
      old.copyWithin(0, from, this.#end);
    }
    this.#end = held;
  }
}
