import { encodePart, OPENING } from "../media/multipart.ts";
import { type Frame, frameOf } from "../media/packet.ts";
import { SOURCE } from "../media/rendition.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Previews at one time: the streamer's own tabs. */
const MAX_READERS = 8;

/** Who takes nothing for this long is dropped. Milliseconds. */
const STALL_LIMIT_MS = 10_000;

/** What the source gives, whether on air or not, for the streamer alone. */
export class Preview {
  readonly #readers = new Set<Reader>();
  #newest: Frame | null = null;

  /** The newest picture, standby pictures included; `null` until there is one. */
  get newest(): Frame | null {
    return this.#newest;
  }

  /** @param capturedAt Milliseconds since the Unix epoch. Default: now. */
  publish(jpeg: Bytes, capturedAt: number = Date.now()): void {
    const sequence = (this.#newest?.sequence ?? 0) + 1;
    this.#newest = frameOf(jpeg, sequence, capturedAt);
    if (this.#readers.size === 0) return;
    const { bytes } = encodePart(this.#newest, SOURCE, jpeg);
    for (const reader of this.#readers) {
      if (reader.stalledFor > STALL_LIMIT_MS) reader.drop();
      else reader.put(bytes);
    }
  }

  /**
   * A multipart stream that begins with the newest picture; `null` when too many are open.
   *
   * @param onDrop Called before the connection of one who takes nothing is cut.
   */
  open(onDrop: () => void = () => {}): ReadableStream<Bytes> | null {
    if (this.#readers.size >= MAX_READERS) return null;
    const reader = new Reader(() => this.#readers.delete(reader), onDrop);
    this.#readers.add(reader);
    if (this.#newest) reader.put(encodePart(this.#newest, SOURCE, this.#newest.data).bytes);
    return reader.body;
  }

  /** Whether this stream still goes on. */
  isOpen(body: ReadableStream<Bytes>): boolean {
    return [...this.#readers].some((reader) => reader.body === body);
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
  readonly #onEnd: () => void;
  readonly #onDrop: () => void;
  #asked = false;
  #sentAt = performance.now();
  #held: Bytes | null = null;

  constructor(onEnd: () => void, onDrop: () => void) {
    this.#onEnd = onEnd;
    this.#onDrop = onDrop;
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

  /** How long what was sent has been waiting to be taken. Milliseconds. */
  get stalledFor(): number {
    return this.#asked ? 0 : performance.now() - this.#sentAt;
  }

  close(): void {
    this.#controller.close();
  }

  drop(): void {
    this.#onEnd();
    this.#onDrop();
    this.#controller.error(new Error("Dropped: nothing was read for 10 seconds"));
  }

  #send(): void {
    if (!this.#asked || !this.#held) return;
    this.#asked = false;
    this.#sentAt = performance.now();
    this.#controller.enqueue(this.#held);
    this.#held = null;
  }
}
