import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { pictureSize, type Size } from "../media/jpeg/size.ts";
import type { Part } from "../media/multipart.ts";
import { Newest } from "../media/newest.ts";
import { type Frame, frameOf } from "../media/packet.ts";
import type { Rendition } from "../media/rendition.ts";
import type { Consumer } from "./consumer.ts";
import type { Lineage } from "./lineage.ts";
import { PartMaker, type PartMakerOptions } from "./part_maker.ts";

/** What a stream is built with. */
export interface StreamOptions extends PartMakerOptions {
  /** Says where its frames come from. Default: nothing says so. */
  readonly lineage?: Pick<Lineage, "provenance">;
}

/** While no frame comes, consumers get the newest one again at this interval. Milliseconds. */
const REPEAT_AFTER_MS = 1000;

/**
 * A named flow of frames that consumers join: `camera`, `program`, or that of a replay. Holds only the newest frame, and
 * repeats it while no new one comes.
 */
export class Stream {
  /** Names the stream among all others. */
  readonly name: string;
  readonly #clock: Clock;
  readonly #consumers = new Set<Consumer>();
  readonly #readers = new Set<Newest<Frame>>();
  readonly #maker: PartMaker;
  readonly #lineage: StreamOptions["lineage"];
  #sequence = 0;
  #newest: Frame | null = null;
  #size: Size | null = null;
  #sentAt = -Infinity;
  /** Whether a frame is being given to all consumers, to one after the other. */
  #isSending = false;

  /** Builds a stream that nothing flows through yet. */
  constructor(options: StreamOptions) {
    const { name, clock = SYSTEM_CLOCK } = options;
    this.name = name;
    this.#clock = clock;
    this.#lineage = options.lineage;
    this.#maker = new PartMaker(options, (consumer) => this.#consumers.has(consumer));
  }

  /** The newest frame; `null` until there is one. */
  get newest(): Frame | null {
    return this.#newest;
  }

  /** Width and height of the newest frame; `null` until there is one, or where it names none. */
  get size(): Size | null {
    return this.#size;
  }

  /**
   * Publishes the frames that a producer yields; resolves when the producer ends.
   *
   * @param isDue Called right before each frame is published, as things may have changed since the
   * producer made it; a frame that is no longer due is dropped. Default: every frame is due.
   */
  async take(
    frames: AsyncIterable<Frame>,
    isDue: (frame: Frame) => boolean = () => true,
  ): Promise<void> {
    try {
      for await (const frame of frames) {
        if (isDue(frame)) this.publish(frame.data, frame.at, frame.due);
      }
    } finally {
      for (const reader of this.#readers) reader.end();
    }
  }

  /**
   * Numbers a frame and gives it to all consumers.
   *
   * @param at Wall time of its arrival, milliseconds since the Unix epoch. Default: now.
   * @param due See `Packet.due`.
   */
  publish(jpeg: Uint8Array<ArrayBuffer>, at: number = this.#clock.wall(), due?: number): void {
    const frame: Frame = {
      ...frameOf(jpeg, ++this.#sequence, at, due),
      ...(this.#lineage && { provenance: this.#lineage.provenance }),
    };
    this.#newest = frame;
    this.#size = pictureSize(jpeg);
    this.#maker.begin(frame);
    this.#sendToAll();
    for (const reader of this.#readers) reader.put(frame);
  }

  /**
   * Yields each new frame until the producer ends. Of the frames that come while the reader is busy,
   * only the newest is kept.
   */
  async *frames(): AsyncGenerator<Frame, void, void> {
    const reader = new Newest<Frame>();
    this.#readers.add(reader);
    try {
      yield* reader;
    } finally {
      this.#readers.delete(reader);
    }
  }

  /** Gives frames to the consumer from now on, beginning with the newest one. */
  join(consumer: Consumer): void {
    this.#consumers.add(consumer);
    // One that joins while all are given a frame has its turn at the end.
    if (!this.#isSending) this.refresh(consumer);
  }

  /** Gives no more frames to the consumer. */
  leave(consumer: Consumer): void {
    this.#consumers.delete(consumer);
  }

  /** Gives the newest frame again to a consumer that now wants another rendition. */
  refresh(consumer: Consumer): void {
    this.#maker.give([consumer]);
  }

  /** Returns the newest frame in that rendition if it is made or needs no making; else `null`. */
  partOf(rendition: Rendition): Part | null {
    return this.#maker.partOf(rendition);
  }

  /** Repeats the newest frame while no new one comes. Call this a few times a second. */
  tick(): void {
    this.#maker.tick();
    if (!this.#newest || this.#clock.monotonic() - this.#sentAt < REPEAT_AFTER_MS) return;
    this.#maker.repeat();
    this.#sendToAll();
  }

  #sendToAll(): void {
    this.#sentAt = this.#clock.monotonic();
    this.#isSending = true;
    try {
      this.#maker.give(this.#consumers);
    } finally {
      this.#isSending = false;
    }
  }
}
