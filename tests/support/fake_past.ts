import { Emitter } from "../../src/events.ts";
import type { SoundPacket } from "../../src/media/packet.ts";
import type { HeldPast, Past, PastEvents, PastFrame, Span } from "../../src/streams/past.ts";

/** A past that a test puts together. */
export class FakePast implements Past {
  readonly events: Emitter<PastEvents> = new Emitter();
  readonly packets: SoundPacket[] = [];
  /** How many holds were not released. */
  held = 0;
  canHold = true;
  #frames: PastFrame[] = [];
  readonly #jpegs: Uint8Array<ArrayBuffer>[] = [];

  /** Begins with frames of these times. */
  constructor(times: readonly number[] = []) {
    for (const at of times) this.add(at);
  }

  /** Adds a frame. Its JPEG is one byte, its index, unless one is given. */
  add(at: number, jpeg: Uint8Array<ArrayBuffer> = Uint8Array.of(this.#jpegs.length)): void {
    this.#frames.push({ index: this.#jpegs.length, at });
    this.#jpegs.push(jpeg);
  }

  /** Adds packets of 20 ms of sound. */
  addSound(at: number, packets: readonly Uint8Array<ArrayBuffer>[]): void {
    packets.forEach((data, i) =>
      this.packets.push({
        ...{ track: "sound", sequence: this.packets.length + 1, at: at + 20 * i, data },
        ...{ isKey: true, duration: 20 },
      })
    );
  }

  /** Forgets what was captured before that time. */
  forget(before: number): void {
    this.#frames = this.#frames.filter(({ at }) => at >= before);
  }

  get span(): Span | null {
    const [first, last] = [this.#frames.at(0), this.#frames.at(-1)];
    return first && last ? { from: first.at, to: last.at } : null;
  }

  frameAt(at: number): PastFrame | null {
    return this.#frames.findLast((frame) => frame.at <= at) ?? this.#frames[0] ?? null;
  }

  after({ index }: PastFrame): PastFrame | null {
    return this.#frames.find((frame) => frame.index > index) ?? null;
  }

  before({ index }: PastFrame): PastFrame | null {
    return this.#frames.find((frame) => frame.index === index - 1) ?? null;
  }

  read({ index }: PastFrame): Promise<Uint8Array<ArrayBuffer> | null> {
    const isKept = this.#frames.some((frame) => frame.index === index);
    return Promise.resolve(isKept ? this.#jpegs[index] : null);
  }

  sound(from: number, to: number): readonly SoundPacket[] {
    return this.packets.filter(({ at }) => at >= from && at < to);
  }

  hold(from: number, to: number): HeldPast {
    this.held++;
    return {
      frames: this.#frames.filter(({ at }) => at >= from && at <= to),
      sound: this.sound(from, to),
      read: (frame) => this.read(frame),
      release: () => void this.held--,
    };
  }
}
