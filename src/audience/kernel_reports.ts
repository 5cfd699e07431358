import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Traffic } from "../consumers/session/traffic.ts";
import { socketKey } from "../net/socket_key.ts";
import type { SocketStatistics } from "../net/socket_statistics.ts";

/** The other end of a connection. */
export interface Remote {
  /** Its address. */
  readonly hostname: string;
  /** Its port. */
  readonly port: number;
}

/** The server's connections, by the other end as {@linkcode socketKey} writes it. */
export interface StreamConnections {
  /** Prepares a connection for a stream; returns whether that is done, or has to be tried again. */
  prepareStream(key: string): boolean;
  /** Returns what the kernel reports about a connection; `null` if nothing. */
  statisticsOf(key: string): SocketStatistics | null;
}

/** A session to poll for. */
export interface PolledSession {
  /** Says how often, and takes the reports. */
  readonly traffic: Pick<Traffic, "pollEvery" | "acknowledgeByKernel">;
}

/** A connection that carries sessions; by HTTP/2 it may be several. */
interface Polled {
  readonly sessions: Set<PolledSession>;
  isPrepared: boolean;
  polledAt: number;
}

/** How often to look for sessions that are due. Milliseconds. */
const LOOK_MS = 25;
/** Polling, with what sessions make of the reports, may use this part of one processor core. */
const BUDGET = 0.02;
/** How much one look changes the estimated cost of the next, as a busy machine interrupts some. */
const TRUST = 1 / 8;

/**
 * Prepares the connections of sessions, and brings the kernel's reports of them to the sessions: as often
 * as each needs them, within a budget.
 */
export class KernelReports {
  readonly #connections: StreamConnections;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #polled = new Map<string, Polled>();
  #isRunning = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How long a look takes. Milliseconds. */
  #cost = 0;

  /** Polls nothing before it is started. */
  constructor(connections: StreamConnections, clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#connections = connections;
    this.#clock = clock;
  }

  /** Polls from now on, while there are sessions. */
  start(): void {
    this.#isRunning = true;
    this.#schedule();
  }

  /** Ends the polling. */
  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Adds a session of this connection. */
  add(remote: Remote, session: PolledSession): void {
    const key = socketKey(remote);
    const polled = this.#polled.get(key) ??
      { sessions: new Set(), isPrepared: false, polledAt: -Infinity };
    polled.sessions.add(session);
    this.#polled.set(key, polled);
    polled.isPrepared ||= this.#connections.prepareStream(key);
    this.#schedule();
  }

  /** Removes a session that has ended. */
  remove(remote: Remote, session: PolledSession): void {
    const key = socketKey(remote);
    const sessions = this.#polled.get(key)?.sessions;
    sessions?.delete(session);
    if (sessions?.size === 0) this.#polled.delete(key);
  }

  /** Polls the connections whose sessions are due. */
  poll(): void {
    const begun = this.#clock.monotonic();
    let now = begun;
    for (const [key, polled] of this.#polled) {
      polled.isPrepared ||= this.#connections.prepareStream(key);
      if (!isDue(polled, now)) continue;
      polled.polledAt = now;
      const socket = this.#connections.statisticsOf(key);
      if (socket) bring(socket, polled.sessions, now);
      now = this.#clock.monotonic();
    }
    this.#cost += TRUST * (now - begun - this.#cost);
  }

  #schedule(): void {
    if (!this.#isRunning || this.#timer !== undefined || this.#polled.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.poll();
      this.#schedule();
    }, Math.max(LOOK_MS, this.#cost / BUDGET));
  }
}

function isDue({ sessions, polledAt }: Polled, now: number): boolean {
  let every = Infinity;
  for (const { traffic } of sessions) every = Math.min(every, traffic.pollEvery);
  return every < Infinity && now - polledAt >= every - LOOK_MS / 2;
}

function bring(socket: SocketStatistics, sessions: Set<PolledSession>, at: number): void {
  const report = sessions.size > 1 ? withoutArrival(socket) : socket;
  for (const { traffic } of sessions) traffic.acknowledgeByKernel(report, at);
}

/**
 * Leaves out what cannot be distinguished between several sessions of one connection: whose bytes have
 * arrived or been read. Each takes all that waits for its own.
 */
function withoutArrival(socket: SocketStatistics): SocketStatistics {
  const { acknowledged: _, window: __, windowClosed: ___, ...rest } = socket;
  return rest;
}
