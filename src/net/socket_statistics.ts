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
  /** The shortest round trip of the last minutes, in milliseconds (`tcpi_min_rtt`). */
  readonly shortestRoundTrip?: number;
  /** Milliseconds since the other end last acknowledged anything (`tcpi_last_ack_recv`). */
  readonly sinceAcknowledged?: number;
  /** Bytes that may be under way by congestion control (`tcpi_snd_cwnd` × `tcpi_snd_mss`). */
  readonly congestionWindow?: number;
  /** Bytes that the other end has room for (`tcpi_snd_wnd`; Linux 5.4). */
  readonly window?: number;
  /** Milliseconds for which a closed window has stopped the sender so far (`tcpi_rwnd_limited`). */
  readonly windowClosed?: number;
}
