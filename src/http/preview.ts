import { encodePart, OPENING } from "../broadcast/multipart.ts";
import { type Frame, SOURCE } from "../frame.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Previews at one time: the streamer's own tabs. */
const MAX_READERS = 8;

/** What the source gives, whether on air or not, for the streamer alone. */
export class Preview {
  readonly #readers = new Set<Reader>();
  #newest: Frame | null = null;

  /** The newest picture, standby pictures included; `null` until there is one. */
  get newest(): Frame | null {
    return this.#newest;
  }

  publish(jpeg: Bytes): void {
    const sequence = (this.#newest?.sequence ?? 0) + 1;
    this.#newest = { sequence, capturedAt: Date.now(), jpeg };
    if (this.#readers.size === 0) return;
    const { bytes } = encodePart(this.#newest, SOURCE, jpeg);
    for (const reader of this.#readers) reader.put(bytes);
  }

  /** A multipart stream that begins with the newest picture; `null` when too many are open. */
  open(): ReadableStream<Bytes> | null {
    if (this.#readers.size >= MAX_READERS) return null;
    const reader = new Reader(() => this.#readers.delete(reader));
    this.#readers.add(reader);
    if (this.#newest) reader.put(encodePart(this.#newest, SOURCE, this.#newest.jpeg).bytes);
    return reader.body;
  }

  /** Ends every preview. */
  close(): void {
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }
}

/** One open preview: holds the newest part until it is asked for. */
class Reader {
  readonly body: ReadableStream<Bytes>;
  #controller!: ReadableStreamDefaultController<Bytes>;
  #asked = false;
  #held: Bytes | null = null;

  constructor(onEnd: () => void) {
    this.body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
        controller.enqueue(OPENING);
      },
      pull: () => {
        this.#asked = true;
        this.#send();
      },
      cancel: onEnd,
    }, { highWaterMark: 0 });
  }

  put(part: Bytes): void {
    this.#held = part;
    this.#send();
  }

  close(): void {
    this.#controller.close();
  }

  #send(): void {
    if (!this.#asked || !this.#held) return;
    this.#asked = false;
    this.#controller.enqueue(this.#held);
    this.#held = null;
  }
}
