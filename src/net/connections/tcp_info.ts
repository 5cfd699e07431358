/** What has gone over one TCP connection. Bytes. */
export interface Transfer {
  /** What has come from the other end. */
  readonly received: number;
  /** What the server has written; `null` on kernels before 4.19, which do not count it. */
  readonly written: number | null;
  /** How much of that the other end has acknowledged. */
  readonly acknowledged: number;
  /** Whether the other end has yet to acknowledge something. */
  readonly isWaiting: boolean;
}

/** The size of `struct tcp_info` of <linux/tcp.h>. Bytes. */
export const TCP_INFO_BYTES = 208;

const STATE_AT = 0;
/** `TCP_CLOSE_WAIT` of <net/tcp_states.h>: the other end has sent its last byte, and we have not. */
const CLOSE_WAIT = 8;
const UNACKNOWLEDGED_SEGMENTS_AT = 24;
const ACKNOWLEDGED_AT = 120;
const RECEIVED_AT = 128;
const NOT_SENT_AT = 144;
const SENT_AT = 200;

/** Returns whether the other end has closed the connection of a `struct tcp_info` of Linux. */
export function isClosedByPeer(info: DataView): boolean {
  return info.getUint8(STATE_AT) === CLOSE_WAIT;
}

/**
 * Reads a `struct tcp_info` of Linux.
 *
 * @param length How much of the struct the kernel filled in. Bytes.
 * @returns `null` for kernels before 4.6, which fill in less than is needed.
 */
export function readTcpInfo(info: DataView, length: number): Transfer | null {
  if (length < NOT_SENT_AT + 4) return null;
  const number = (at: number) => Number(info.getBigUint64(at, true));
  const unsent = info.getUint32(NOT_SENT_AT, true);
  return {
    received: number(RECEIVED_AT),
    written: length < SENT_AT + 8 ? null : number(SENT_AT) + unsent,
    acknowledged: number(ACKNOWLEDGED_AT),
    isWaiting: unsent > 0 || info.getUint32(UNACKNOWLEDGED_SEGMENTS_AT, true) > 0,
  };
}
