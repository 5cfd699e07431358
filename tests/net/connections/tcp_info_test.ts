import assert from "node:assert/strict";
import { TcpInfo, type Transfer } from "../../../src/net/connections/tcp_info.ts";

/** What the kernel fills in, by the offsets of `struct tcp_info` in <linux/tcp.h>. */
const NUMBERS: readonly (readonly [offset: number, value: number])[] = [
  [16, 1448], // tcpi_snd_mss
  [24, 3], // tcpi_unacked
  [56, 70], // tcpi_last_ack_recv
  [68, 20_500], // tcpi_rtt
  [80, 10], // tcpi_snd_cwnd
  [144, 700], // tcpi_notsent_bytes
  [148, 8_125], // tcpi_min_rtt
  [228, 64_000], // tcpi_snd_wnd
];
const LONGS: readonly (readonly [offset: number, value: bigint])[] = [
  [120, 5_000_000_123n], // tcpi_bytes_acked
  [128, 6_000_000_456n], // tcpi_bytes_received
  [176, 90_500n], // tcpi_rwnd_limited
  [200, 5_000_004_000n], // tcpi_bytes_sent
];

/** What a kernel that fills in so many bytes reports. */
function filled(length: number): TcpInfo {
  const info = new TcpInfo();
  info.makeRoom();
  const struct = new DataView(new ArrayBuffer(Math.max(length, 232)));
  for (const [at, value] of NUMBERS) struct.setUint32(at, value, true);
  for (const [at, value] of LONGS) struct.setBigUint64(at, value, true);
  struct.setUint8(0, 1); // tcpi_state: TCP_ESTABLISHED
  info.length[0] = Math.min(length, info.length[0]);
  info.bytes.set(new Uint8Array(struct.buffer).subarray(0, info.length[0]));
  return info;
}

const LINUX_4_6 = {
  received: 6_000_000_456,
  acknowledged: 5_000_000_123,
  written: null,
  queued: 5044,
  unsent: 700,
  roundTrip: 20.5,
  shortestRoundTrip: 8.125,
  sinceAcknowledged: 70,
  congestionWindow: 14_480,
} as const;
const LINUX_4_10 = { ...LINUX_4_6, windowClosed: 90.5 } as const;
const LINUX_4_19 = { ...LINUX_4_10, written: 5_000_004_700 } as const;

const KERNELS: readonly (readonly [version: string, bytes: number, expected: Transfer])[] = [
  ["4.6", 160, LINUX_4_6],
  ["4.10", 192, LINUX_4_10],
  ["4.19", 224, LINUX_4_19],
  ["5.4", 232, { ...LINUX_4_19, window: 64_000 }],
];

for (const [version, bytes, expected] of KERNELS) {
  Deno.test(`TcpInfo reads what Linux ${version} fills in, and leaves out the rest`, () => {
    const info = filled(bytes);
    assert.equal(info.isEnough, true);
    assert.equal(info.isWaiting, true);
    assert.equal(info.isClosedByPeer, false);
    assert.deepEqual(info.transfer(5044), expected);
  });
}

Deno.test("TcpInfo has too little from a kernel before 4.6", () => {
  assert.equal(filled(104).isEnough, false);
});

Deno.test("TcpInfo leaves out what has not been measured yet", () => {
  const info = filled(232);
  const struct = new DataView(info.bytes.buffer);
  struct.setUint32(148, 2 ** 32 - 1, true);
  assert.equal("shortestRoundTrip" in info.transfer(0), false);
});

Deno.test("TcpInfo distinguishes states, and a closed window from none", () => {
  const info = filled(232);
  const struct = new DataView(info.bytes.buffer);
  struct.setUint8(0, 8); // TCP_CLOSE_WAIT
  struct.setUint32(228, 0, true);
  assert.equal(info.transfer(0).window, 0);
  assert.equal(info.isClosedByPeer, true);
  struct.setUint32(144, 0, true);
  assert.equal(info.isWaiting, true);
  struct.setUint32(24, 0, true);
  assert.equal(info.isWaiting, false);
});
