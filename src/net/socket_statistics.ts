import { plainAddress } from "./ip_address.ts";

/** What the kernel reports about one connection. */
export interface SocketStatistics {
  /** Bytes given to the kernel that the other end has not acknowledged. */
  readonly queued: number;
  /** Bytes that the other end has acknowledged since it connected; absent on old kernels. */
  readonly acknowledged?: number;
  /** The smoothed round trip, in milliseconds. */
  readonly roundTrip?: number;
  /** The shortest round trip of the last minutes, in milliseconds. */
  readonly shortestRoundTrip?: number;
  /** Milliseconds since the other end last acknowledged anything. */
  readonly sinceAcknowledged?: number;
  /** Bytes that the other end has room for; absent if it has none, and in old versions of `ss`. */
  readonly window?: number;
  /** Milliseconds for which a closed window has stopped the sender so far; absent if it never did. */
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

function readDetails(line: string): Omit<SocketStatistics, "queued"> {
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
