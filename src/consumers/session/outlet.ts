import { type Rate, RateMeter } from "./rate.ts";
import type { Steering } from "./steering.ts";
import { Mailbox } from "./mailbox.ts";
import { encodePart, OPENING, type Part } from "../../media/multipart.ts";
import type { Rendition } from "../../media/rendition.ts";

export interface OutletOptions {
  /** Says when the link has room, and is told what was sent. */
  readonly steering: Steering;
  /** Bits a second that may be sent at most. */
  readonly allowance: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number;
  /** Called once when it is over, whoever ended it. */
  readonly onEnd: () => void;
}

/**
 * The way out to one viewer: holds the newest part until the body of the response asks for one and
 * the link has room for it.
 */
export class Outlet {
  /** The body of the response. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #options: OutletOptions;
  readonly #mailbox = new Mailbox<Part>();
  readonly #meter = new RateMeter();
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  /** Whether the body has asked for a part. */
  #asked = false;
  /** Runs while the newest part waits for the link. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sentSequence = 0;
  #sent = 0;
  #given: Rendition | null = null;
  #ended = false;

  constructor(options: OutletOptions) {
    this.#options = options;
    this.body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
        controller.enqueue(OPENING);
      },
      pull: () => {
        this.#asked = true;
        options.steering.pulled(options.now());
        this.flush();
      },
      cancel: () => this.#end(),
    }, { highWaterMark: 0 });
  }

  /** What was sent last; `null` before anything was. */
  get given(): Rendition | null {
    return this.#given;
  }

  /** What is sent. */
  get rate(): Rate {
    return this.#meter.rate(this.#options.now());
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
    if (this.#mailbox.full) this.#options.steering.offered(this.#options.now(), true);
    this.#mailbox.put(part);
    this.flush();
  }

  /** Sends what is held if it can be sent by now. To be called when more is known of the link. */
  flush(): void {
    if (!this.#asked || !this.#mailbox.full) return;
    clearTimeout(this.#timer);
    const wait = this.#options.steering.waitFor(this.#options.now());
    if (wait > 0) this.#timer = setTimeout(() => this.flush(), Math.ceil(wait));
    else this.#send(this.#mailbox.take()!);
  }

  /** Ends the response in order. */
  close(): void {
    if (this.#ended) return;
    this.#end();
    this.#controller.close();
  }

  /** Cuts the connection of one who takes nothing. */
  abort(reason: string): void {
    if (this.#ended) return;
    this.#end();
    this.#controller.error(new Error(reason));
  }

  #send(held: Part): void {
    const { steering, allowance } = this.#options;
    const { frame, rendition, jpeg } = held;
    const padding = steering.paddingOf(jpeg.length);
    const { bytes } = padding > 0 ? encodePart(frame, rendition, jpeg, padding) : held;
    const now = this.#options.now();
    // A picture that is sent again is as new as when it is sent.
    const age = frame.sequence === this.#sentSequence ? 0 : Date.now() - frame.at;
    this.#asked = false;
    this.#sentSequence = frame.sequence;
    this.#sent++;
    this.#given = rendition;
    this.#meter.count(bytes.length, now);
    steering.offered(now, false);
    steering.wrote({
      sequence: frame.sequence,
      bytes: bytes.length + chunkOverhead(bytes.length),
      capturedAt: now - Math.max(0, age),
      at: now,
    }, allowance());
    this.#controller.enqueue(bytes);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#mailbox.close();
    this.#options.onEnd();
  }
}

/** What chunked coding (RFC 9112 section 7.1) adds to a chunk of so many bytes. */
function chunkOverhead(length: number): number {
  return Math.ceil((32 - Math.clz32(length)) / 4) + 4;
}
