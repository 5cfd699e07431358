import {
  AAC_DURATION,
  type AacConsumer,
  type AacPacket,
  type AacTrack,
} from "../../src/streams/aac.ts";

/** An access unit of AAC-LC without sound, in stereo. */
const SILENCE = Uint8Array.of(0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c);

/** A track of silence, in real time or whenever the test says so. */
export class SilentAac implements AacTrack {
  readonly consumers = new Set<AacConsumer>();

  join(consumer: AacConsumer): void {
    this.consumers.add(consumer);
  }

  leave(consumer: AacConsumer): void {
    this.consumers.delete(consumer);
  }

  /** Gives a packet to those who joined. */
  give(at: number): void {
    const packet: AacPacket = { at, duration: AAC_DURATION, data: SILENCE };
    for (const consumer of [...this.consumers]) consumer.deliver(packet);
  }

  /** Gives packets in real time until it is disposed. */
  play(): Disposable {
    let at = Date.now();
    const timer = setInterval(() => {
      for (; at <= Date.now(); at += AAC_DURATION) this.give(at);
    }, 20);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }
}
