import type { FrameStore, HeldFrame, Refusal, StoredFrame } from "./frame_store.ts";

/** Keeps frames in memory. Sound takes of the same bytes. */
export class MemoryStore implements FrameStore {
  readonly maxBytes: number;
  #bytes = 0;

  /** Is empty. */
  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(jpeg: Uint8Array<ArrayBuffer>): StoredFrame | Refusal {
    if (jpeg.length > this.maxBytes) return "blocked";
    if (!this.reserve(jpeg.length)) return "full";
    return new MemoryFrame(jpeg, (bytes) => void (this.#bytes += bytes));
  }

  reserve(bytes: number): boolean {
    if (this.#bytes + bytes > this.maxBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Has nothing to close. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

class MemoryFrame implements StoredFrame {
  isWhole = true;
  #jpeg: Uint8Array<ArrayBuffer> | null;
  readonly #count: (bytes: number) => void;

  constructor(jpeg: Uint8Array<ArrayBuffer>, count: (bytes: number) => void) {
    this.#jpeg = jpeg;
    this.#count = count;
  }

  read(): Promise<Uint8Array<ArrayBuffer> | null> {
    return Promise.resolve(this.#jpeg);
  }

  hold(): HeldFrame {
    let jpeg = this.#jpeg;
    return { read: () => Promise.resolve(jpeg), release: () => void (jpeg = null) };
  }

  shrink(jpeg: Uint8Array<ArrayBuffer> | null): void {
    this.isWhole = false;
    if (this.#jpeg === null || jpeg === null || jpeg.length >= this.#jpeg.length) return;
    this.#count(jpeg.length - this.#jpeg.length);
    this.#jpeg = jpeg;
  }

  free(): void {
    this.#count(-(this.#jpeg?.length ?? 0));
    this.#jpeg = null;
    this.isWhole = false;
  }
}
