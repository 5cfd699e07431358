import type { SoundPacket } from "../../media/packet.ts";
import { encodeSound } from "../../media/sound_message.ts";

/** Packets that follow one another without a break, and the one message that carries them to every page. */
export interface SoundBatch {
  /** The number of packets. */
  readonly packets: number;
  /** The sequence number of the last packet. */
  readonly lastSequence: number;
  /** Wall time of the first sample of the last packet, or when it was to be heard again. Milliseconds since the Unix epoch. */
  readonly lastAt: number;
  /** How long the packets play. Milliseconds. */
  readonly duration: number;
  /** The packets, encoded. Its bytes are shared by all pages. */
  readonly message: Uint8Array<ArrayBuffer>;
}

/** Joins packets into batches, so that many pages cost fewer messages. */
export class SoundBatcher {
  readonly #size: () => number;
  #waiting: SoundPacket[] = [];

  /**
   * Begins without packets.
   *
   * @param size Returns the number of packets in a batch. It may change at any time.
   */
  constructor(size: () => number) {
    this.#size = size;
  }

  /** Adds the next packet. Returns the batches that are complete now: at most two. */
  add(packet: SoundPacket): SoundBatch[] {
    const batches: SoundBatch[] = [];
    const last = this.#waiting.at(-1);
    if (last && !follows(packet, last)) batches.push(this.#take());
    this.#waiting.push(packet);
    if (this.#waiting.length >= this.#size()) batches.push(this.#take());
    return batches;
  }

  /** Forgets the packets that wait for others. */
  clear(): void {
    this.#waiting = [];
  }

  #take(): SoundBatch {
    const packets = this.#waiting;
    this.#waiting = [];
    return batchOf(packets);
  }
}

/** Joins packets that follow one another without a break. */
export function batchOf(packets: readonly SoundPacket[]): SoundBatch {
  const { sequence, at, due = at, duration } = packets[packets.length - 1];
  return {
    packets: packets.length,
    lastSequence: sequence,
    lastAt: due,
    duration: packets.length * duration,
    message: encodeSound(packets),
  };
}

/** Returns whether a packet may share a message with the one before, which alone carries a time. */
function follows(packet: SoundPacket, last: SoundPacket): boolean {
  const { sequence, duration, at } = packet;
  return sequence === last.sequence + 1 && duration === last.duration &&
    Math.abs(at - last.at - last.duration) < duration / 4;
}
