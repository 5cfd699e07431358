import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Session } from "../consumers/session/session.ts";
import { socketKey, type SocketStatistics } from "../net/socket_statistics.ts";
import type { SocketUsers } from "./socket_watch.ts";

/** The other end of a connection. */
export interface Remote {
  /** Its address. */
  readonly hostname: string;
  /** Its port. */
  readonly port: number;
}

/** The sessions whose links the kernel knows, by their connections. */
export class PolledSessions implements SocketUsers {
  /** By HTTP/2, one connection may carry several sessions. */
  readonly #connections = new Map<string, Set<Session>>();
  readonly #clock: Pick<Clock, "monotonic">;

  /** Begins with no session. */
  constructor(clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#clock = clock;
  }

  /** Adds a session of this connection. */
  add(remote: Remote, session: Session): void {
    const key = socketKey(remote);
    this.#connections.set(key, (this.#connections.get(key) ?? new Set()).add(session));
  }

  /** Removes a session that has ended. */
  remove(remote: Remote, session: Session): void {
    const key = socketKey(remote);
    const sessions = this.#connections.get(key);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#connections.delete(key);
  }

  /** How soon the kernel has to be polled. Milliseconds; `Infinity` for not at all. */
  get pollEvery(): number {
    let soonest = Infinity;
    for (const sessions of this.#connections.values()) {
      for (const { traffic } of sessions) soonest = Math.min(soonest, traffic.pollEvery);
    }
    return soonest;
  }

  /**
   * Notes what has been written before the kernel is polled; returns what takes its report, by the
   * other end of each connection as {@linkcode socketKey} writes it.
   */
  beginPoll(): (sockets: ReadonlyMap<string, SocketStatistics>) => void {
    const at = this.#clock.monotonic();
    const polled = [...this.#connections].flatMap(([key, sessions]) => {
      const isShared = sessions.size > 1;
      return [...sessions].map(({ traffic }) => ({
        key,
        traffic,
        written: traffic.written,
        isShared,
      }));
    });
    return (sockets) => {
      for (const { key, traffic, written, isShared } of polled) {
        const socket = sockets.get(key);
        if (!socket) continue;
        traffic.acknowledgeByKernel(isShared ? withoutArrival(socket) : socket, written, at);
      }
    };
  }
}

/**
 * Leaves out what cannot be distinguished between several sessions of one connection: whose bytes have
 * arrived or been read. Each takes all that waits for its own.
 */
function withoutArrival(socket: SocketStatistics): SocketStatistics {
  const { acknowledged: _, window: __, windowClosed: ___, ...rest } = socket;
  return rest;
}
