/**
 * ffmpeg's output format that marks where each packet of the source ends. `mjpeg` would not: of a
 * frame without EOI, only the next one would show that it is over.
 */
export const PACKET_FORMAT = "mpjpeg";

/** What that format writes right behind each packet. */
const PACKET_END = new TextEncoder().encode("\r\n--ffmpeg\r\n");

/** Returns whether a packet ends where the bytes do. */
export function isPacketEnd(bytes: Uint8Array): boolean {
  const from = bytes.length - PACKET_END.length;
  return from >= 0 && PACKET_END.every((byte, i) => bytes[from + i] === byte);
}
