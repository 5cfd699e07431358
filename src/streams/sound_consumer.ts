import type { SoundPacket } from "../media/packet.ts";

/** Takes the sound of a stream: a listening page, a program. */
export interface SoundConsumer {
  /** Takes the next packet. Packets may be missing between this one and the last. */
  deliver(packet: SoundPacket): void;
}
