import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { Hearing } from "../../live_messages.ts";
import type { SoundPacket } from "../../media/packet.ts";
import type { SoundConsumer } from "../../streams/sound_consumer.ts";
import type { SoundStream } from "../../streams/sound_stream.ts";
import { type HeardReport, PageListener } from "./page_listener.ts";
import { batchOf, type SoundBatch, SoundBatcher } from "./sound_batcher.ts";

/** A page that can listen. */
export interface HearingPage {
  /** Sends it a binary message. */
  sendBytes(message: Uint8Array<ArrayBuffer>): void;
}

/** Counts of all pages since the start. */
export interface PageSoundTotals {
  /** Packets that were dropped because a page was too far behind. */
  readonly dropped: number;
  /** Interruptions of the sound that pages reported. */
  readonly gaps: number;
}

/**
 * The number of listening pages from which on messages have one packet more. A message costs the server about 10 µs,
 * whatever its length; each further packet in it makes the sound 20 ms later.
 */
const PAGES_PER_PACKET = 100;

/** The bytes that TCP/IP and WebSocket add to a message. */
const OVERHEAD_BYTES = 56;

/** How much the newest message counts in the mean of the bits. */
const BITS_WEIGHT = 0.05;

/** The most packets in a message. */
const MAX_PACKETS = 4;

/** The sound of its own that a page hears. */
interface OwnSound {
  readonly stream: SoundStream;
  readonly consumer: SoundConsumer;
}

/**
 * Gives the sound to the pages that listen. All get the same messages, each of which is encoded once, but for pages that
 * follow a stream of their own.
 */
export class PageSound<Page extends HearingPage> implements SoundConsumer {
  readonly #stream: SoundStream;
  readonly #clock: Clock;
  readonly #pages = new Map<Page, PageListener>();
  /** For the pages that do not hear what all hear. */
  readonly #own = new Map<Page, OwnSound>();
  readonly #batcher = new SoundBatcher(() => packetsPerMessage(this.#pages.size));
  /** Bits a second that a page gets, in the mean; 0 until there is a message. */
  #bits = 0;
  /** Of pages that no longer listen. */
  #ended: PageSoundTotals = { dropped: 0, gaps: 0 };

  /** Gives the sound of a stream, at first to nobody. */
  constructor(stream: SoundStream, clock: Clock = SYSTEM_CLOCK) {
    this.#stream = stream;
    this.#clock = clock;
    stream.events.on("close", () => {
      this.#batcher.clear();
      for (const [page, listener] of this.#pages) if (!this.#own.has(page)) listener.clear();
    });
  }

  /** The pages that listen. */
  get pages(): Iterable<Page> {
    return this.#pages.keys();
  }

  /** Returns the bits a second on the wire that a page gets now which listens. */
  bitsOf(page: Page): number {
    return this.#stream.isOpen || this.#own.has(page) ? this.#bits : 0;
  }

  /** How each page hears that listens. */
  get hearings(): Hearing[] {
    return [...this.#pages.values()].map(({ hearing }) => hearing);
  }

  /** Counts since the start. */
  get totals(): PageSoundTotals {
    return this.hearings.reduce(add, this.#ended);
  }

  /** Gives a page the sound from now on. */
  join(page: Page): void {
    if (this.#pages.has(page)) return;
    this.#pages.set(page, new PageListener((message) => page.sendBytes(message), this.#clock));
    this.#stream.join(this);
  }

  /** Gives a page no more sound. */
  leave(page: Page): void {
    const listener = this.#pages.get(page);
    if (!listener) return;
    this.follow(page, null);
    this.#ended = add(this.#ended, listener.hearing);
    this.#pages.delete(page);
    if (this.#pages.size === 0) this.#batcher.clear();
    this.#stream.leave(this);
  }

  /** Gives a page that listens the sound of another stream from now on; with `null`, what all hear. */
  follow(page: Page, stream: SoundStream | null): void {
    const listener = this.#pages.get(page);
    const own = this.#own.get(page);
    if (!listener || stream === (own?.stream ?? null)) return;
    own?.stream.leave(own.consumer);
    this.#own.delete(page);
    listener.splice();
    if (!stream) return;
    const consumer: SoundConsumer = {
      deliver: (packet) =>
        listener.deliver(this.#measure(batchOf([packet])), this.#clock.monotonic()),
    };
    this.#own.set(page, { stream, consumer });
    stream.join(consumer);
  }

  /** Takes a page's report; ignores that of one that does not listen. */
  heard(page: Page, report: HeardReport): void {
    this.#pages.get(page)?.heard(report);
  }

  /** Returns how a page hears; `null` while it does not listen. */
  hearingOf(page: Page): Hearing | null {
    return this.#pages.get(page)?.hearing ?? null;
  }

  deliver(packet: SoundPacket): void {
    for (const batch of this.#batcher.add(packet)) {
      this.#measure(batch);
      const now = this.#clock.monotonic();
      for (const [page, listener] of this.#pages) {
        if (!this.#own.has(page)) listener.deliver(batch, now);
      }
    }
  }

  #measure(batch: SoundBatch): SoundBatch {
    const { message, duration } = batch;
    const bits = (message.length + OVERHEAD_BYTES) * 8 * 1000 / duration;
    this.#bits += (bits - this.#bits) * (this.#bits === 0 ? 1 : BITS_WEIGHT);
    return batch;
  }
}

/** Returns how many packets make a message for that many pages. */
function packetsPerMessage(pages: number): number {
  return Math.max(1, Math.min(MAX_PACKETS, Math.ceil(pages / PAGES_PER_PACKET)));
}

function add(sum: PageSoundTotals, { dropped, gaps }: PageSoundTotals): PageSoundTotals {
  return { dropped: sum.dropped + dropped, gaps: sum.gaps + gaps };
}
