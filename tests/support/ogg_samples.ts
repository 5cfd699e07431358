import fc from "fast-check";
import { OggWriter } from "../../src/media/ogg/writer.ts";
import { join } from "./jpegs.ts";

/** Opus packets of one frame: any configuration, mono or stereo, up to the longest frame (RFC 6716 section 3.2.1). */
export const opusPacket: fc.Arbitrary<Uint8Array<ArrayBuffer>> = fc.tuple(
  fc.integer({ min: 0, max: 63 }),
  fc.uint8Array({ maxLength: 1_275 }),
).map(([toc, frame]) => Uint8Array.of(toc << 2, ...frame));

/** Writes these packets as an Ogg stream, one page each. */
export function oggOf(packets: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const writer = new OggWriter();
  return join(writer.headers(), ...packets.map((packet) => writer.page(packet)));
}
