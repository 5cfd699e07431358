import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { Emitter } from "../../events.ts";
import type { Rewind } from "../../live_messages.ts";
import type { SoundPacket } from "../../media/packet.ts";
import type { HeldPast, Past, PastEvents, PastFrame, Span } from "../../streams/past.ts";
import { Coverage } from "./coverage.ts";
import type { FrameStore, StoredFrame } from "./frame_store.ts";
import { TimedQueue } from "./timed_queue.ts";

/** The bytes are scarce once this part of them is taken. */
const TIGHT = 0.9;

/** No more is held once frames that were forgotten, but are still held, take so much beside the ring's bytes. */
const MAX_HELD = 0.5;

/** A wall clock that is set back by more than this begins anew; by less, it stands still. Milliseconds. */
const MAX_STEP_BACK_MS = 1000;

/** What a packet of sound takes in memory besides its data: about so many bytes. */
const PACKET_BYTES = 300;

/** What the ring is built with. */
export interface RingOptions {
  /** Where the frames are. */
  readonly store: FrameStore;
  /** How long they are kept. Milliseconds. */
  readonly keepMs: number;
  /** The clock; a test gives its own. */
  readonly clock?: Pick<Clock, "wall">;
}

/** A frame and where it is. */
interface KeptFrame extends PastFrame {
  readonly stored: StoredFrame;
}

/**
 * Keeps the newest frames and sound of a stream, for so long and of so many bytes. The oldest go first, so
 * nothing is missing in between, except what never came.
 */
export class Ring implements Past {
  readonly events: Emitter<PastEvents> = new Emitter();
  readonly #store: FrameStore;
  readonly #keepMs: number;
  readonly #clock: Pick<Clock, "wall">;
  readonly #frames = new TimedQueue<KeptFrame>();
  readonly #sound = new TimedQueue<SoundPacket>();
  readonly #coverage: Coverage;
  #index = 0;
  /** What comes before this frame has been made smaller, or cannot be. */
  #whole = 0;

  /** Is empty. */
  constructor({ store, keepMs, clock = SYSTEM_CLOCK }: RingOptions) {
    this.#store = store;
    this.#keepMs = keepMs;
    this.#clock = clock;
    this.#coverage = new Coverage(keepMs);
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#store.bytes;
  }

  /** How many bytes there may be. */
  get maxBytes(): number {
    return this.#store.maxBytes;
  }

  /** How far back viewers can go; `null` while they cannot. */
  get promise(): Rewind | null {
    return this.#coverage.promise;
  }

  get span(): Span | null {
    const { first, last } = this.#frames;
    return first && last ? { from: first.at, to: last.at } : null;
  }

  frameAt(at: number): PastFrame | null {
    const after = this.#frames.placeOf(at);
    const isThere = this.#frames.get(after)?.at === at;
    return this.#frames.get(isThere ? this.#lastOf(after, at) : after - 1) ??
      this.#frames.first ?? null;
  }

  after(frame: PastFrame): PastFrame | null {
    const { first } = this.#frames;
    if (!first) return null;
    return frame.index < first.index ? first : this.#at(frame.index + 1) ?? null;
  }

  before(frame: PastFrame): PastFrame | null {
    return this.#at(frame.index - 1) ?? null;
  }

  read(frame: PastFrame): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#at(frame.index)?.stored.read() ?? Promise.resolve(null);
  }

  sound(from: number, to: number): readonly SoundPacket[] {
    return this.#sound.slice(this.#sound.placeOf(from), this.#sound.placeOf(to));
  }

  get canHold(): boolean {
    return this.#store.heldBytes <= MAX_HELD * this.maxBytes;
  }

  hold(from: number, to: number): HeldPast {
    const kept = this.#frames.slice(this.#frames.placeOf(from), this.#frames.placeOf(to));
    const held = new Map(kept.map(({ index, stored }) => [index, stored.hold()]));
    return {
      frames: kept.map(({ index, at }) => ({ index, at })),
      sound: this.sound(from, to),
      read: ({ index }) => held.get(index)?.read() ?? Promise.resolve(null),
      release() {
        for (const one of held.values()) one.release();
        held.clear();
      },
    };
  }

  /** Keeps a frame, captured at that wall time. */
  add(jpeg: Uint8Array<ArrayBuffer>, at: number): void {
    const newest = this.#frames.last?.at ?? -Infinity;
    // A frame may be older though nobody set the clock: a relayed livestream's first one after a card.
    if (Math.max(at, this.#clock.wall()) < newest - MAX_STEP_BACK_MS) this.#forgetAll();
    const time = this.#frames.last ? Math.max(at, newest) : at;
    this.#forgetOld();
    let stored = this.#store.add(jpeg);
    while (stored === "full" && this.#loseOldest()) stored = this.#store.add(jpeg);
    if (typeof stored !== "string") this.#push({ index: this.#index++, at: time, stored });
    this.#update();
  }

  /** Keeps a packet of sound; of earlier ones, those that are to be heard later are replaced. */
  addSound(packet: SoundPacket): void {
    while ((this.#sound.last?.at ?? -Infinity) >= packet.at) this.#free(this.#sound.pop());
    while (!this.#store.reserve(bytesOf(packet))) if (!this.#loseOldest()) return this.#update();
    this.#sound.push(packet);
    this.#update();
  }

  /** Whether the bytes will not suffice if frames stay as they came. */
  get isTight(): boolean {
    return this.bytes > TIGHT * this.maxBytes;
  }

  /**
   * Returns the oldest frame that is as it came, if it was captured before that wall time; `null` if there
   * is none. Give it to {@linkcode shrink}.
   */
  oldestWhole(before: number): PastFrame | null {
    const { first } = this.#frames;
    if (!first) return null;
    this.#whole = Math.max(this.#whole, first.index);
    const frame = this.#at(this.#whole);
    return frame && frame.at < before && frame.stored.isWhole ? frame : null;
  }

  /** Keeps this smaller JPEG of a frame; `null`: it cannot be made smaller. */
  shrink(frame: PastFrame, jpeg: Uint8Array<ArrayBuffer> | null): void {
    this.#at(frame.index)?.stored.shrink(jpeg);
    this.#whole = Math.max(this.#whole, frame.index + 1);
  }

  /** Forgets what is too old. Call this a few times a second. */
  tick(): void {
    this.#forgetOld();
    this.#update();
  }

  /** Forgets everything, for good. */
  clear(): void {
    this.#forgetAll();
    this.events.emit("clear", null);
    this.events.emit("change", null);
  }

  #push(frame: KeptFrame): void {
    this.#frames.push(frame);
    if (this.#coverage.since !== null) return;
    this.#coverage.begin(frame.at);
    this.events.emit("change", null);
  }

  #at(index: number): KeptFrame | undefined {
    const { first } = this.#frames;
    return first && this.#frames.get(index - first.index);
  }

  /** Returns the last place of those with that time, of which this is the first. */
  #lastOf(place: number, at: number): number {
    while (this.#frames.get(place + 1)?.at === at) place++;
    return place;
  }

  #update(): void {
    if (this.#coverage.update(this.#clock.wall())) this.events.emit("change", null);
  }

  #forgetOld(): void {
    const oldest = this.#clock.wall() - this.#keepMs;
    while ((this.#frames.first?.at ?? Infinity) < oldest) this.#frames.shift()!.stored.free();
    while ((this.#sound.first?.at ?? Infinity) < oldest) this.#free(this.#sound.shift());
    if (this.#frames.length > 0 || this.#coverage.since === null) return;
    this.#coverage.end();
    this.events.emit("change", null);
  }

  /** Makes room; returns whether there was anything left to forget. */
  #loseOldest(): boolean {
    const frame = this.#frames.shift();
    if (frame) {
      frame.stored.free();
      this.#coverage.lose(frame.at);
    }
    if (!frame) {
      const packet = this.#sound.shift();
      this.#free(packet);
      return packet !== undefined;
    }
    const from = this.#frames.first?.at ?? Infinity;
    while ((this.#sound.first?.at ?? Infinity) < from) this.#free(this.#sound.shift());
    return true;
  }

  #free(packet: SoundPacket | undefined): void {
    if (packet) this.#store.reserve(-bytesOf(packet));
  }

  #forgetAll(): void {
    for (let frame; (frame = this.#frames.shift());) frame.stored.free();
    for (let packet; (packet = this.#sound.shift());) this.#free(packet);
    this.#coverage.end();
  }
}

function bytesOf(packet: SoundPacket): number {
  return packet.data.length + PACKET_BYTES;
}
