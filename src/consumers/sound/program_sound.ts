import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { SoundPacket } from "../../media/packet.ts";
import { silence } from "../../media/opus.ts";
import type { Emitter } from "../../events.ts";
import type { SoundConsumer } from "../../streams/sound_consumer.ts";
import type { SoundStreamEvents } from "../../streams/sound_stream.ts";

/** Takes sound for programs: the Opus packets of {@linkcode ProgramSound}, the frames of an MP3 encoder. */
export interface EncodedSoundConsumer {
  /**
   * Takes the next Opus packet of 20 ms, or MP3 frame of 24 ms. It follows the one before without a gap.
   *
   * @param at Wall time of its first sample, milliseconds since the Unix epoch.
   */
  deliver(data: Uint8Array<ArrayBuffer>, at: number): void;
  /** Forgets what has not been sent yet, because it must not be heard any more. */
  clear(): void;
}

/** Where the sound comes from: a stream. */
export interface SoundSource {
  /** Emits `close` when what consumers still hold must not be heard any more. */
  readonly events: Pick<Emitter<SoundStreamEvents>, "on">;
  /** Adds a listener. A consumer that serves several joins once for each, and gets each packet once. */
  join(consumer: SoundConsumer): void;
  /** Removes a listener. */
  leave(consumer: SoundConsumer): void;
}

/** What the sound of programs is built with. */
export interface ProgramSoundOptions {
  /** Where it comes from. */
  readonly stream: SoundSource;
  /** Returns whether the channel is on air. */
  readonly isOnAir: () => boolean;
  /** The clock; a test gives its own. */
  readonly clock?: Clock;
}

const PACKET_MS = 20;

/** Silence begins when no packet has come for this long, beyond what a busy machine delays them. Milliseconds. */
const PATIENCE_MS = 200;

/** The most silence that is given at once, after the machine slept. Milliseconds. */
const MAX_CATCH_UP_MS = 500;

const SILENCE = silence(2);

/**
 * The stream's sound for programs, which stop playing when nothing comes: while the channel is on air
 * and its sound is muted or its source gives none, they get silence. Off air they get nothing.
 *
 * Joins the stream only while there are programs.
 */
export class ProgramSound {
  readonly #stream: SoundSource;
  readonly #isOnAir: () => boolean;
  readonly #clock: Clock;
  /** For each consumer, how many programs it serves. */
  readonly #consumers = new Map<EncodedSoundConsumer, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Up to when packets have been given. Monotonic time, milliseconds. */
  #givenUntil = 0;
  /** Whether silence takes the place of packets. */
  #isFilling = false;
  /** How much later than its time the newest packet came. Silence comes as late. Milliseconds. */
  #delay = 0;
  readonly #upstream: SoundConsumer = { deliver: (packet) => this.#take(packet) };

  /** Gives nothing yet. */
  constructor({ stream, isOnAir, clock = SYSTEM_CLOCK }: ProgramSoundOptions) {
    this.#stream = stream;
    this.#isOnAir = isOnAir;
    this.#clock = clock;
    stream.events.on("close", () => {
      for (const consumer of this.#consumers.keys()) consumer.clear();
    });
  }

  /** Adds a program. A consumer that serves several joins once for each, and gets each packet once. */
  join(consumer: EncodedSoundConsumer): void {
    if (this.#consumers.size === 0) {
      this.#givenUntil = this.#clock.monotonic();
      this.#isFilling = false;
      this.#schedule();
    }
    this.#consumers.set(consumer, (this.#consumers.get(consumer) ?? 0) + 1);
    this.#stream.join(this.#upstream);
  }

  /** Removes a program; does nothing if the consumer has none. */
  leave(consumer: EncodedSoundConsumer): void {
    const count = this.#consumers.get(consumer);
    if (count === undefined) return;
    if (count > 1) this.#consumers.set(consumer, count - 1);
    else this.#consumers.delete(consumer);
    this.#stream.leave(this.#upstream);
    if (this.#consumers.size === 0) clearTimeout(this.#timer);
  }

  #take({ data, at }: SoundPacket): void {
    this.#isFilling = false;
    this.#givenUntil = this.#clock.monotonic() + PACKET_MS;
    this.#delay = this.#clock.wall() - at;
    this.#give(data, at);
  }

  #give(opus: Uint8Array<ArrayBuffer>, at: number): void {
    for (const consumer of this.#consumers.keys()) consumer.deliver(opus, at);
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#schedule();
      this.#fill();
    }, PACKET_MS);
  }

  /** Gives the silence that is due. */
  #fill(): void {
    const now = this.#clock.monotonic();
    if (!this.#isOnAir()) {
      this.#isFilling = false;
      this.#givenUntil = now;
    } else if (this.#isFilling || now - this.#givenUntil >= PATIENCE_MS) {
      this.#isFilling = true;
      this.#givenUntil = Math.max(this.#givenUntil, now - MAX_CATCH_UP_MS);
      for (; this.#givenUntil + PACKET_MS <= now; this.#givenUntil += PACKET_MS) {
        this.#give(SILENCE, this.#clock.wall() - (now - this.#givenUntil) - this.#delay);
      }
    }
  }
}
