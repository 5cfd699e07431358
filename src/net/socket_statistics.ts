import { plainAddress } from "./ip_address.ts";

/**
 * What the kernel of Linux reports about one connection: mostly fields of `struct tcp_info`, of
 * <linux/tcp.h>, which has grown over time. What an older kernel does not fill in is absent.
 */
export interface SocketStatistics {
  /** Bytes given to the kernel that the other end has not acknowledged (`SIOCOUTQ`). */
  readonly queued: number;
  /** Bytes of {@linkcode queued} that have not been sent yet (`tcpi_notsent_bytes`). */
  readonly unsent: number;
  /**
   * Bytes that the other end has acknowledged since it connected (`tcpi_bytes_acked`). Read just before
   * {@linkcode queued}, so that together they may lack what was acknowledged in between.
   */
  readonly acknowledged?: number;
  /** The smoothed round trip, in milliseconds (`tcpi_rtt`). */
  readonly roundTrip?: number;
  /** The smoothed deviation of the round trip, in milliseconds (`tcpi_rttvar`). */
  readonly roundTripVariation?: number;
  /** The shortest round trip of the last minutes, in milliseconds (`tcpi_min_rtt`). */
  readonly shortestRoundTrip?: number;
  /** Milliseconds since the other end last acknowledged anything (`tcpi_last_ack_recv`). */
  readonly sinceAcknowledged?: number;
  /** Bytes that may be under way by congestion control (`tcpi_snd_cwnd` × `tcpi_snd_mss`). */
  readonly congestionWindow?: number;
  /** Whether that window is below the slow start threshold (`tcpi_snd_cwnd` < `tcpi_snd_ssthresh`). */
  readonly isSlowStart?: boolean;
  /** The newest rate of delivery, in bits a second (`tcpi_delivery_rate`); absent before the first. */
  readonly deliveryRate?: number;
  /** Whether too little was given to the kernel for a higher rate (`tcpi_delivery_rate_app_limited`). */
  readonly isDeliveryAppLimited?: boolean;
  /** Bytes that were sent again since the other end connected (`tcpi_bytes_retrans`). */
  readonly retransmitted?: number;
  /** Bytes that the other end has room for (`tcpi_snd_wnd`; Linux 5.4). */
  readonly window?: number;
  /** Milliseconds for which a closed window has stopped the sender so far (`tcpi_rwnd_limited`). */
  readonly windowClosed?: number;
}

/** The columns: a state or none, receive queue, send queue, local address, remote address. */
const COLUMNS = /^\s*(?:[A-Z]\S*\s+)?\d+\s+(\d+)\s+\S+\s+(\S+)/;

/** An address as `ss` prints it: `10.0.0.2:80`, `[fe80::1%eth0]:80`. */
const ADDRESS = /^(.*):(\d+)$/;

/**
 * Parses what `ss -tinHO` of iproute2 prints: one line a connection, without the state column if it was
 * asked for one state. Skips any other line.
 *
 * @returns The statistics, by the other end's address and port, as {@linkcode socketKey} writes them.
 */
export function parseSocketStatistics(text: string): Map<string, SocketStatistics> {
  const sockets = new Map<string, SocketStatistics>();
  for (const line of text.split("\n")) {
    const columns = COLUMNS.exec(line);
    const peer = columns && ADDRESS.exec(columns[2]);
    if (!peer) continue;
    sockets.set(socketKey({ hostname: peer[1], port: Number(peer[2]) }), {
      queued: Number(columns[1]),
      unsent: 0,
      ...readDetails(line),
    });
  }
  return sockets;
}

/**
 * Returns the one name of the other end of a connection, however its address is written: with or without
 * brackets, as `plainAddress` writes it, then the port.
 */
export function socketKey({ hostname, port }: { hostname: string; port: number }): string {
  return `${plainAddress(hostname.replace(/[[\]]/g, ""))} ${port}`;
}

function readDetails(line: string): Omit<SocketStatistics, "queued" | "unsent"> {
  const acknowledged = /\bbytes_acked:(\d+)/.exec(line);
  const roundTrip = /\brtt:(\d+(?:\.\d+)?)/.exec(line);
  const shortest = /\bminrtt:(\d+(?:\.\d+)?)/.exec(line);
  const window = /\bsnd_wnd:(\d+)/.exec(line);
  const lastAck = /\blastack:(\d+)/.exec(line);
  const closed = /\brwnd_limited:(\d+)ms/.exec(line);
  return {
    ...(acknowledged && { acknowledged: Number(acknowledged[1]) }),
    ...(roundTrip && { roundTrip: Number(roundTrip[1]) }),
    ...(shortest && { shortestRoundTrip: Number(shortest[1]) }),
    ...(lastAck && { sinceAcknowledged: Number(lastAck[1]) }),
    ...(window && { window: Number(window[1]) }),
    ...(closed && { windowClosed: Number(closed[1]) }),
  };
}
