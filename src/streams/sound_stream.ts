import { Emitter } from "../events.ts";
import type { SoundPacket } from "../media/packet.ts";
import type { SoundConsumer } from "./sound_consumer.ts";

/** Events of {@linkcode SoundStream}. */
export interface SoundStreamEvents {
  /** The number of listeners changed. */
  readonly listeners: number;
  /** {@linkcode SoundStream.isWanted} changed. */
  readonly wanted: boolean;
  /** The stream closed: what its consumers still hold must not be heard any more. */
  readonly close: null;
}

/**
 * The sound that viewers hear: gives each packet to the consumers that joined, while it is open. It keeps
 * no packet, so whoever joins begins with the next one.
 */
export class SoundStream {
  /** Emits what changes. */
  readonly events: Emitter<SoundStreamEvents> = new Emitter();
  /** For each consumer, how many listeners it serves. */
  readonly #consumers = new Map<SoundConsumer, number>();
  /** What keeps the sound, and whether the source is to be open for it. */
  readonly #recorders = new Map<SoundConsumer, boolean>();
  #listeners = 0;
  #isWanted = false;
  #isOpen = false;
  #sequence = 0;

  /** Whether packets are given to consumers. At first they are not. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  set isOpen(isOpen: boolean) {
    const closes = this.#isOpen && !isOpen;
    this.#isOpen = isOpen;
    if (closes) this.events.emit("close", null);
  }

  /** The number of listeners. */
  get listeners(): number {
    return this.#listeners;
  }

  /** Whether the source is to be open: somebody listens, or the sound is recorded. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** The number of packets so far, of which each had its turn at every consumer. */
  get packets(): number {
    return this.#sequence;
  }

  /** Adds a listener. A consumer that serves several joins once for each, and gets each packet once. */
  join(consumer: SoundConsumer): void {
    this.#consumers.set(consumer, (this.#consumers.get(consumer) ?? 0) + 1);
    this.#count(1);
  }

  /** Removes a listener; does nothing if the consumer has none. */
  leave(consumer: SoundConsumer): void {
    const count = this.#consumers.get(consumer);
    if (count === undefined) return;
    if (count > 1) this.#consumers.set(consumer, count - 1);
    else this.#consumers.delete(consumer);
    this.#count(-1);
  }

  /**
   * Gives the sound to a consumer that keeps it, and is no listener.
   *
   * @param isWanted Whether the source is to be open for it, even if nobody listens. Default: false.
   */
  record(consumer: SoundConsumer, { isWanted = false } = {}): void {
    this.#recorders.set(consumer, isWanted);
    this.#follow();
  }

  /** Gives nothing more to a consumer of {@linkcode record}. */
  stopRecording(consumer: SoundConsumer): void {
    this.#recorders.delete(consumer);
    this.#follow();
  }

  /** Numbers a packet and gives it to every consumer; drops it while the stream is closed. */
  publish(packet: SoundPacket): void {
    if (!this.#isOpen) return;
    const numbered = { ...packet, sequence: ++this.#sequence };
    for (const consumer of [...this.#consumers.keys(), ...this.#recorders.keys()]) {
      try {
        consumer.deliver(numbered);
      } catch (error) {
        Emitter.onError(error);
      }
    }
  }

  #count(change: 1 | -1): void {
    this.#listeners += change;
    this.events.emit("listeners", this.#listeners);
    this.#follow();
  }

  #follow(): void {
    const isWanted = this.#listeners > 0 || this.#recorders.values().some(Boolean);
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    this.events.emit("wanted", isWanted);
  }
}
