import type { Clock } from "../../clock.ts";
import { Emitter } from "../../events.ts";
import type { SoundPacket } from "../../media/packet.ts";
import type { AacConsumer, AacTrack } from "../../streams/aac.ts";
import type { SoundConsumer } from "../../streams/sound_consumer.ts";
import type { SoundStream } from "../../streams/sound_stream.ts";
import { AacLine } from "./aac_line.ts";
import type { RestartedEncoder } from "./restarted_encoder.ts";

/** The interval at which silence is given. Milliseconds. */
const TICK_MS = 40;

/** A tick that comes so late lets first go what ffmpeg gave meanwhile, and waits to be read. Milliseconds. */
const STALL_MS = 100;

/** The sound has ended when no packet has come for this long: a busy machine delays them for less. Milliseconds. */
const QUIET_MS = 1_000;

/** While there is sound, silence comes in place of what is not encoded so long after its time. Milliseconds. */
const PATIENCE_MS = 400;

/** How long ffmpeg may take, after a packet that came late. Milliseconds. */
const ENCODING_MS = 300;

/** Sound that comes later than this is not waited for. Milliseconds. */
const MAX_LATE_MS = 2_000;

/** Where the line is further from the clock than this, somebody set it, or the machine slept. Milliseconds. */
const MAX_OFF_MS = 5_000;

/** Takes each frame, with the wall time at which it was captured. */
export type OnFrame = (frame: Uint8Array<ArrayBuffer>, at: number) => void;

/** What the encoder is built with. */
export interface AacEncoderOptions {
  /** Makes what runs ffmpeg. */
  readonly createEncoder: (
    onFrame: OnFrame,
  ) => Pick<RestartedEncoder, "start" | "encode" | "stop" | "ended">;
  /** What to encode. */
  readonly sound: Pick<SoundStream, "record" | "stopRecording" | "events">;
  /** The time. */
  readonly clock: Clock;
}

/**
 * Encodes the sound as AAC, and makes silence where there is none.
 *
 * ffmpeg runs only while there is sound. Silence needs none, and comes as soon as its time is over; once sound begins, what
 * was given as silence meanwhile is not given again. Where the clock is set or the machine sleeps, the times jump.
 */
export class AacEncoder implements AacTrack, SoundConsumer, AsyncDisposable {
  readonly #sound: AacEncoderOptions["sound"];
  readonly #clock: Clock;
  readonly #encoder: ReturnType<AacEncoderOptions["createEncoder"]>;
  readonly #consumers = new Set<AacConsumer>();
  readonly #line: AacLine;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When silence was given, or could have been. Monotonic time. */
  #filledAt = 0;
  /** When the newest packet came, if it counts as sound still. Monotonic time. */
  #heardAt: number | null = null;
  /** How much later than it ended the newest packet came. Milliseconds. */
  #late = 0;

  /** Encodes nothing yet. */
  constructor({ createEncoder, sound, clock }: AacEncoderOptions) {
    this.#sound = sound;
    this.#clock = clock;
    this.#line = new AacLine((packet) => {
      for (const consumer of [...this.#consumers]) {
        try {
          consumer.deliver(packet);
        } catch (error) {
          Emitter.onError(error);
        }
      }
    });
    this.#encoder = createEncoder((frame, at) => this.#line.put(frame, at));
    sound.events.on("close", () => this.#quiet());
  }

  join(consumer: AacConsumer): void {
    const isFirst = this.#consumers.size === 0;
    this.#consumers.add(consumer);
    if (!isFirst) return;
    this.#line.begin(this.#clock.wall());
    this.#filledAt = this.#clock.monotonic();
    this.#sound.record(this, { isWanted: true });
    this.#schedule(TICK_MS);
  }

  leave(consumer: AacConsumer): void {
    if (!this.#consumers.delete(consumer) || this.#consumers.size > 0) return;
    clearTimeout(this.#timer);
    this.#sound.stopRecording(this);
    this.#quiet();
  }

  deliver({ data, at, duration }: SoundPacket): void {
    this.#heardAt = this.#clock.monotonic();
    this.#late = this.#clock.wall() - at - duration;
    this.#encoder.start();
    this.#encoder.encode(data, at);
  }

  /** Settles when the last ffmpeg is gone, after everyone has left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#encoder.ended;
  }

  /** Ends the sound: what ffmpeg still holds must not be heard. */
  #quiet(): void {
    this.#heardAt = null;
    this.#encoder.stop();
  }

  #schedule(pause: number): void {
    this.#timer = setTimeout(() => {
      const isStalled = this.#clock.monotonic() - this.#filledAt > STALL_MS && pause === TICK_MS;
      if (!isStalled) this.#fill();
      this.#schedule(isStalled ? 1 : TICK_MS);
    }, pause);
  }

  /** Gives the silence that is due. */
  #fill(): void {
    const now = this.#clock.wall();
    this.#filledAt = this.#clock.monotonic();
    if (Math.abs(now - this.#line.next) > MAX_OFF_MS) this.#line.begin(now);
    if (this.#heardAt !== null && this.#clock.monotonic() - this.#heardAt >= QUIET_MS) {
      this.#quiet();
    }
    this.#line.fillUntil(this.#heardAt === null ? now : now - this.#patience);
  }

  get #patience(): number {
    return Math.max(PATIENCE_MS, Math.min(this.#late, MAX_LATE_MS) + ENCODING_MS);
  }
}
