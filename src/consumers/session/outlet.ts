import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { type Rate, RateMeter } from "./rate.ts";
import type { Steering } from "./steering.ts";
import { Mailbox } from "./mailbox.ts";
import { VideoQueue } from "./video_queue.ts";
import { encodePart, OPENING, type Part } from "../../media/multipart.ts";
import type { Rendition } from "../../media/rendition.ts";
import { encodeVideoPart, type VideoPart } from "../../media/video_part.ts";

/** What an outlet is built with. */
export interface OutletOptions {
  /** Knows when the link has room; hears what was sent. */
  readonly steering: Steering;
  /** Returns the bits a second that may be sent at most. */
  readonly allowance: () => number;
  /** Decides between JPEGs and H.264; default: JPEGs alone. */
  readonly gate?: PictureGate;
  /** The clock; a test gives its own. */
  readonly clock?: Clock;
  /** Called once when the response ends, whoever ended it. */
  readonly onEnd: () => void;
}

/** Decides whether JPEGs may be sent to a client that also gets H.264. */
export interface PictureGate {
  /** Returns whether a JPEG may be sent now; it is dropped otherwise. */
  takesPicture(sequence: number): boolean;
  /** Notes that one was written. */
  wrotePicture(): void;
}

/** What both kinds of parts have in common, as they leave. */
interface Leaving {
  readonly sequence: number;
  readonly rendition: Rendition;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Milliseconds since its frame was captured. */
  readonly age: number;
}

/** A packet that waits longer was held back by the link; one behind a key packet is not. Milliseconds. */
const HELD_MS = 120;

/**
 * Sends parts to one client: holds the newest one until the body of the response asks for it and the
 * link has room for it. Packets of H.264 wait in order, as each needs the one before.
 */
export class Outlet {
  /** The body of the response. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #steering: Steering;
  readonly #allowance: () => number;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  readonly #gate: PictureGate | undefined;
  readonly #mailbox = new Mailbox<Part>();
  readonly #video = new VideoQueue();
  readonly #meter = new RateMeter();
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  /** Whether the body has asked for a part. */
  #isPulled = false;
  /** Runs while the held part waits for the link. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sentSequence = 0;
  #sent = 0;
  #given: Rendition | null = null;
  /** See {@linkcode Outlet.before}. */
  #before = 0;
  #ended = false;

  /** Holds no part yet. */
  constructor({ steering, allowance, gate, clock = SYSTEM_CLOCK, onEnd }: OutletOptions) {
    this.#gate = gate;
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

  /** How old the newest frame was when delays began to count: it comes from another program. Milliseconds. */
  get before(): number {
    return this.#before;
  }

  /** What is being sent. */
  get rate(): Rate {
    return this.#meter.rate(this.#clock.monotonic());
  }

  /** Parts that a newer one replaced before they could be sent. */
  get dropped(): number {
    return this.#mailbox.dropped + this.#video.dropped;
  }

  /** The sequence of the part that was written last; 0 before the first. */
  get sequence(): number {
    return this.#sentSequence;
  }

  /** How long the oldest packet of H.264 has waited. Milliseconds. */
  get videoWait(): number {
    return this.#video.waitedAt(this.#clock.monotonic());
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

  /** Sends the packet after all that wait, as soon as it can be sent; returns whether there was room for it. */
  putVideo(part: VideoPart): boolean {
    if (this.#ended) return false;
    const isKept = this.#video.put(part, this.#clock.monotonic());
    this.flush();
    return isKept;
  }

  /** Drops the packets of H.264 that wait. */
  dropVideo(): void {
    const now = this.#clock.monotonic();
    const isHeld = this.#video.waitedAt(now) > HELD_MS;
    for (let left = this.#video.drop(); left > 0 && isHeld; left--) {
      this.#steering.offered(now, true);
    }
  }

  /** Drops the JPEG that waits. */
  dropPicture(): void {
    this.#mailbox.take();
  }

  /** Sends what waits if the link has room. Call this after each acknowledgement. */
  flush(): void {
    if (!this.#isPulled || !(this.#mailbox.full || this.#video.length > 0)) return;
    clearTimeout(this.#timer);
    const now = this.#clock.monotonic();
    this.#steering.observe(now);
    const wait = this.#steering.waitFor(now);
    if (wait > 0) this.#timer = setTimeout(() => this.flush(), Math.ceil(wait));
    else this.#sendNext(now);
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

  #sendNext(now: number): void {
    const held = this.#mailbox.take();
    if (held && (this.#gate?.takesPicture(held.frame.sequence) ?? true)) {
      this.#sendPicture(held, now);
      this.#gate?.wrotePicture();
      return;
    }
    const wait = this.#video.waitedAt(now);
    const part = this.#video.take();
    if (part) this.#sendVideo(part, wait, now);
  }

  #sendPicture(held: Part, now: number): void {
    const { frame, rendition, jpeg } = held;
    const padding = this.#steering.paddingOf(jpeg.length);
    const { bytes } = padding > 0 ? encodePart(frame, rendition, jpeg, padding) : held;
    // A frame that is sent again counts as captured when it is sent.
    const { sequence, at, due = at, provenance } = frame;
    // In a replay, frames are old because the viewer wants it.
    if (provenance) this.#before = due - at;
    const age = sequence === this.#sentSequence ? 0 : this.#clock.wall() - due;
    this.#steering.offered(now, false);
    this.#send({ sequence, rendition, bytes, age }, now);
  }

  #sendVideo(part: VideoPart, wait: number, now: number): void {
    const { packet, rendition } = part;
    // A key packet is as much as a link bears at once.
    const padding = packet.isKey ? 0 : this.#steering.paddingOf(packet.data.length);
    const { bytes } = padding > 0 ? encodeVideoPart(packet, rendition, padding) : part;
    const { at, due = at } = packet;
    const age = this.#clock.wall() - due;
    this.#before = due - at;
    this.#steering.offered(now, wait > HELD_MS);
    if (packet.isKey) this.#steering.wroteKey(now);
    this.#send({ sequence: packet.sequence, rendition, bytes, age }, now);
  }

  #send({ sequence, rendition, bytes, age }: Leaving, now: number): void {
    this.#isPulled = false;
    this.#sentSequence = sequence;
    this.#sent++;
    this.#given = rendition;
    this.#meter.count(bytes.length, now);
    this.#steering.wrote({
      sequence,
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
    this.#video.drop();
    this.#onEnd();
  }
}

/** Returns the bytes that chunked coding (RFC 9112 section 7.1) adds to a chunk. */
function chunkOverhead(length: number): number {
  return Math.ceil((32 - Math.clz32(length)) / 4) + 4;
}
