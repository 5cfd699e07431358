import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { type Rate, RateMeter } from "./rate.ts";
import type { Steering } from "./steering.ts";
import { Mailbox } from "./mailbox.ts";
import { encodePart, OPENING, type Part } from "../../media/multipart.ts";
import type { Rendition } from "../../media/rendition.ts";

/** What an outlet is built with. */
export interface OutletOptions {
  /** Knows when the link has room; hears what was sent. */
  readonly steering: Steering;
  /** Returns the bits a second that may be sent at most. */
  readonly allowance: () => number;
  /** The clock; a test gives its own. */
  readonly clock?: Clock;
  /** Called once when the response ends, whoever ended it. */
  readonly onEnd: () => void;
}

/**
 * Sends parts to one client: holds the newest one until the body of the response asks for it and the
 * link has room for it.
 */
export class Outlet {
  /** The body of the response. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #steering: Steering;
  readonly #allowance: () => number;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  readonly #mailbox = new Mailbox<Part>();
  readonly #meter = new RateMeter();
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  /** Whether the body has asked for a part. */
  #isPulled = false;
  /** Runs while the held part waits for the link. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sentSequence = 0;
  #sent = 0;
  #given: Rendition | null = null;
  #ended = false;

  /** Holds no part yet. */
  constructor({ steering, allowance, clock = SYSTEM_CLOCK, onEnd }: OutletOptions) {
    this.#steering = steering;
    this.#allowance = allowance;
    this.#clock = clock;
    this.#onEnd = onEnd;
    this.body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
        controller.enqueue(OPENING);
      },
      pull: () => {
        this.#isPulled = true;
        steering.pulled(clock.monotonic());
        this.flush();
      },
      cancel: () => this.#end(),
    }, { highWaterMark: 0 });
  }

  /** The rendition that was sent last; `null` before the first. */
  get given(): Rendition | null {
    return this.#given;
  }

  /** What is being sent. */
  get rate(): Rate {
    return this.#meter.rate(this.#clock.monotonic());
  }

  /** Parts that a newer one replaced before they could be sent. */
  get dropped(): number {
    return this.#mailbox.dropped;
  }

  /** Parts that were sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Sends the part, or holds it in place of an older one until it can be sent. */
  put(part: Part): void {
    if (this.#mailbox.full) this.#steering.offered(this.#clock.monotonic(), true);
    this.#mailbox.put(part);
    this.flush();
  }

  /** Sends the held part if the link has room. Call this after each acknowledgement. */
  flush(): void {
    if (!this.#isPulled || !this.#mailbox.full) return;
    clearTimeout(this.#timer);
    const now = this.#clock.monotonic();
    this.#steering.observe(now);
    const wait = this.#steering.waitFor(now);
    if (wait > 0) this.#timer = setTimeout(() => this.flush(), Math.ceil(wait));
    else this.#send(this.#mailbox.take()!);
  }

  /** Ends the response in order. */
  close(): void {
    if (this.#ended) return;
    this.#end();
    this.#controller.close();
  }

  /** Fails the response, whose client takes nothing. */
  abort(reason: string): void {
    if (this.#ended) return;
    this.#end();
    this.#controller.error(new Error(reason));
  }

  #send(held: Part): void {
    const { frame, rendition, jpeg } = held;
    const padding = this.#steering.paddingOf(jpeg.length);
    const { bytes } = padding > 0 ? encodePart(frame, rendition, jpeg, padding) : held;
    const now = this.#clock.monotonic();
    // A frame that is sent again counts as captured when it is sent.
    const age = frame.sequence === this.#sentSequence ? 0 : this.#clock.wall() - frame.at;
    this.#isPulled = false;
    this.#sentSequence = frame.sequence;
    this.#sent++;
    this.#given = rendition;
    this.#meter.count(bytes.length, now);
    this.#steering.offered(now, false);
    this.#steering.wrote({
      sequence: frame.sequence,
      bytes: bytes.length + chunkOverhead(bytes.length),
      capturedAt: now - Math.max(0, age),
      at: now,
    }, this.#allowance());
    this.#controller.enqueue(bytes);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#mailbox.close();
    this.#onEnd();
  }
}

/** Returns the bytes that chunked coding (RFC 9112 section 7.1) adds to a chunk. */
function chunkOverhead(length: number): number {
  return Math.ceil((32 - Math.clz32(length)) / 4) + 4;
}
