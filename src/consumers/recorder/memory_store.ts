import type { FrameStore, HeldFrame, Refusal, StoredFrame } from "./frame_store.ts";

/** Keeps frames in memory. Sound takes of the same bytes. */
export class MemoryStore implements FrameStore {
  readonly maxBytes: number;
  #bytes = 0;
  #heldBytes = 0;

  /** Is empty. */
  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  add(jpeg: Uint8Array<ArrayBuffer>): StoredFrame | Refusal {
    if (jpeg.length > this.maxBytes) return "blocked";
    if (!this.reserve(jpeg.length)) return "full";
    return new MemoryFrame(jpeg, (bytes, heldBytes) => {
      this.#bytes += bytes;
      this.#heldBytes += heldBytes;
    });
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

/** A JPEG, which stays in memory while it is kept or held. */
interface Copy {
  readonly jpeg: Uint8Array<ArrayBuffer>;
  isKept: boolean;
  holders: number;
}

class MemoryFrame implements StoredFrame {
  isWhole = true;
  #copy: Copy | null;
  readonly #count: (bytes: number, heldBytes: number) => void;

  constructor(
    jpeg: Uint8Array<ArrayBuffer>,
    count: (bytes: number, heldBytes: number) => void,
  ) {
    this.#copy = { jpeg, isKept: true, holders: 0 };
    this.#count = count;
  }

  read(): Promise<Uint8Array<ArrayBuffer> | null> {
    return Promise.resolve(this.#copy?.jpeg ?? null);
  }

  hold(): HeldFrame {
    let copy = this.#copy;
    if (copy) copy.holders++;
    return {
      read: () => Promise.resolve(copy?.jpeg ?? null),
      release: () => {
        if (copy && --copy.holders === 0 && !copy.isKept) this.#count(0, -copy.jpeg.length);
        copy = null;
      },
    };
  }

  shrink(jpeg: Uint8Array<ArrayBuffer> | null): void {
    this.isWhole = false;
    if (this.#copy === null || jpeg === null || jpeg.length >= this.#copy.jpeg.length) return;
    this.#drop(this.#copy);
    this.#count(jpeg.length, 0);
    this.#copy = { jpeg, isKept: true, holders: 0 };
  }

  free(): void {
    if (this.#copy) this.#drop(this.#copy);
    this.#copy = null;
    this.isWhole = false;
  }

  #drop(copy: Copy): void {
    copy.isKept = false;
    this.#count(-copy.jpeg.length, copy.holders > 0 ? copy.jpeg.length : 0);
  }
}
