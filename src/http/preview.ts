import { Mailbox } from "../broadcast/mailbox.ts";
import { encodePart, OPENING, type Part } from "../broadcast/multipart.ts";
import { type Frame, SOURCE } from "../frame.ts";

/** Previews at one time: the streamer's own tabs. */
const MAX_READERS = 8;

/** What the source gives, whether on air or not, for the streamer alone. */
export class Preview {
  readonly #readers = new Set<Mailbox<Part>>();
  #newest: Frame | null = null;

  /** The newest picture, standby pictures included; `null` until there is one. */
  get newest(): Frame | null {
    return this.#newest;
  }

  publish(jpeg: Uint8Array<ArrayBuffer>): void {
    const sequence = (this.#newest?.sequence ?? 0) + 1;
    this.#newest = { sequence, capturedAt: Date.now(), jpeg };
    if (this.#readers.size === 0) return;
    const part = encodePart(this.#newest, SOURCE, jpeg);
    for (const reader of this.#readers) reader.put(part);
  }

  /** A multipart stream that begins with the newest picture; `null` when too many are open. */
  open(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    if (this.#readers.size >= MAX_READERS) return null;
    const mailbox = new Mailbox<Part>();
    this.#readers.add(mailbox);
    if (this.#newest) mailbox.put(encodePart(this.#newest, SOURCE, this.#newest.jpeg));
    return new ReadableStream({
      start: (controller) => controller.enqueue(OPENING),
      pull: async (controller) => {
        const part = await mailbox.take();
        if (part) controller.enqueue(part.bytes);
        else controller.close();
      },
      cancel: () => {
        this.#readers.delete(mailbox);
        mailbox.close();
      },
    }, { highWaterMark: 0 });
  }

  /** Ends every preview. */
  close(): void {
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }
}
