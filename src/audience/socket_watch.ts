import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { parseSocketStatistics, type SocketStatistics } from "../net/socket_statistics.ts";

/** Those who need the kernel's reports of their connections. */
export interface SocketUsers {
  /** How soon the kernel has to be polled again. Milliseconds; `Infinity` for not at all. */
  readonly pollEvery: number;
  /** Prepares for a poll and returns what takes its result. */
  beginPoll(): (sockets: ReadonlyMap<string, SocketStatistics>) => void;
}

/** What the socket watch is built with. */
export interface SocketWatchOptions {
  /** The port on which the server listens. */
  readonly port: number;
  /** Those who need the reports. */
  readonly users: SocketUsers;
  /** Says why there are no reports. */
  readonly log: Logger;
  /** Runs `ss` and returns its output. */
  readonly run?: (port: number, signal: AbortSignal) => Promise<string>;
  /** The clock; a test gives its own. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** Polling may use this part of one processor core. */
const BUDGET = 0.03;
/** How often to look whether a poll is due. Milliseconds. */
const LOOK_MS = 50;
/** An `ss` that hangs is ended after this time. Milliseconds. */
const PATIENCE_MS = 2000;
/** From a failure, such as a lack of memory or descriptors, to the next try. Milliseconds. */
const PAUSE_MS = 30_000;
/**
 * What a run of `ss` costs, and what each connection adds, in milliseconds of one core: as measured on
 * an x86-64 machine. The duration of a run would say more about how busy the machine is.
 */
const COST_MS = 3;
const COST_OF_CONNECTION_MS = 0.02;

/**
 * Polls the Linux kernel, by `ss` of iproute2, for what has arrived at the other ends of the server's
 * connections: as often as a session needs it, within a budget. Without `ss` it gives up.
 */
export class SocketWatch {
  readonly #options: Required<SocketWatchOptions>;
  readonly #ended = new AbortController();
  /** Connections in the last report. */
  #connections = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  #polledAt = 0;
  /** No poll before this time. */
  #pausedUntil = -Infinity;

  /** Polls nothing before it is started. */
  constructor(options: SocketWatchOptions) {
    this.#options = { run: runSs, clock: SYSTEM_CLOCK, ...options };
  }

  /** Begins to poll. */
  start(): void {
    this.#timer = setTimeout(() => this.#running = this.#look(), LOOK_MS);
  }

  /** Ends the polling; resolves when no `ss` runs any more. */
  async stop(): Promise<void> {
    this.#ended.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #look(): Promise<void> {
    const { users, log, clock } = this.#options;
    const cost = COST_MS + this.#connections * COST_OF_CONNECTION_MS;
    const every = Math.max(users.pollEvery, cost / BUDGET);
    const now = clock.monotonic();
    try {
      const isTime = now - this.#polledAt >= every - LOOK_MS / 2;
      if (isTime && now >= this.#pausedUntil) await this.#poll();
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      const isFinal = error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotCapable;
      log.debug(`Socket statistics ${isFinal ? "disabled" : "paused"}: ${messageOf(error)}`);
      if (isFinal) return;
      this.#pausedUntil = now + PAUSE_MS;
    }
    if (!this.#ended.signal.aborted) this.start();
  }

  async #poll(): Promise<void> {
    const { port, users, run, clock } = this.#options;
    this.#polledAt = clock.monotonic();
    const take = users.beginPoll();
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const text = await run(port, AbortSignal.any([patience, this.#ended.signal]));
    if (this.#ended.signal.aborted) return;
    const sockets = parseSocketStatistics(text);
    this.#connections = sockets.size;
    take(sockets);
  }
}

async function runSs(port: number, signal: AbortSignal): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("ss", {
    args: ["-tinHO", "state", "established", `sport = :${port}`],
    stdin: "null",
    signal,
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr).trim().slice(0, 200) || "ss failed");
  return decoder.decode(stdout);
}
