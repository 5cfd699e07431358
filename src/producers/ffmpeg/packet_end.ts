/**
 * ffmpeg's output format that marks the end of each packet. With `mjpeg`, a frame without EOI would
 * end only when the next one starts.
 */
export const PACKET_FORMAT = "mpjpeg";

/** What that format writes directly after each packet. */
const PACKET_END = new TextEncoder().encode("\r\n--ffmpeg\r\n");

/** Returns whether a packet ends where the bytes do. */
export function isPacketEnd(bytes: Uint8Array): boolean {
  const from = bytes.length - PACKET_END.length;
  return from >= 0 && PACKET_END.every((byte, i) => bytes[from + i] === byte);
}
