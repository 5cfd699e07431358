import assert from "node:assert/strict";

/** A packet of a transport stream. */
export interface TsPacket {
  readonly pid: number;
  readonly isStart: boolean;
  readonly counter: number;
  readonly isKey: boolean;
  /** In 1/90,000 s; `null` without. */
  readonly clock: number | null;
  readonly payload: Uint8Array;
}

/** Reads the packets; fails where one is invalid. */
export function packetsOf(bytes: Uint8Array): TsPacket[] {
  assert.equal(bytes.length % 188, 0);
  return Array.from(
    { length: bytes.length / 188 },
    (_, i) => read(bytes.subarray(188 * i, 188 * i + 188)),
  );
}

function read(packet: Uint8Array): TsPacket {
  assert.equal(packet[0], 0x47);
  const [, high, low, flags, length, what] = packet;
  const hasAdaptation = (flags & 0x20) !== 0;
  const hasPayload = (flags & 0x10) !== 0;
  assert(hasAdaptation || hasPayload);
  const begin = hasAdaptation ? 5 + length : 4;
  assert(begin <= 188);
  if (!hasPayload) assert.equal(begin, 188);
  const isSaid = hasAdaptation && length > 0;
  const [a, b, c, d, e] = packet.subarray(6);
  const clock = a * 2 ** 25 + b * 2 ** 17 + c * 2 ** 9 + d * 2 + (e >> 7);
  return {
    pid: (high & 31) << 8 | low,
    isStart: (high & 0x40) !== 0,
    counter: flags & 15,
    isKey: isSaid && (what & 0x40) !== 0,
    clock: isSaid && (what & 0x10) !== 0 ? clock : null,
    payload: hasPayload ? packet.subarray(begin) : new Uint8Array(),
  };
}

/** Reads the timestamp of a PES packet, in 1/90,000 s. */
export function ptsOf(pes: Uint8Array): number {
  const [a, b, c, d, e] = pes.subarray(9);
  assert.deepEqual([a & 0xf1, c & 1, e & 1], [0x21, 1, 1]);
  return (a >> 1 & 7) * 2 ** 30 + b * 2 ** 22 + (c >> 1) * 2 ** 15 + d * 2 ** 7 + (e >> 1);
}
