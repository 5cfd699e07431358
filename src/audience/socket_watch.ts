import { messageOf } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { parseSocketStatistics, type SocketStatistics } from "../net/socket_statistics.ts";

/** Those who need to know what the kernel tells of their connections. */
export interface SocketUsers {
  /** How soon it has to be asked again. Milliseconds; `Infinity` for not at all. */
  readonly askEvery: number;
  /** To be called before it is asked; gives what takes the answer. */
  asking(): (sockets: ReadonlyMap<string, SocketStatistics>) => void;
}

export interface SocketWatchOptions {
  /** The port on which the server listens. */
  readonly port: number;
  readonly users: SocketUsers;
  readonly log: Logger;
  /** Runs `ss` and gives what it prints. */
  readonly run?: (port: number, signal: AbortSignal) => Promise<string>;
}

/** Of one processor core, asking may use this share. */
const BUDGET = 0.03;
/** How soon it is looked again whether anyone needs to know. Milliseconds. */
const LOOK_MS = 50;
/** An `ss` that hangs is ended then. Milliseconds. */
const PATIENCE_MS = 2000;
/** From a failure, as for want of memory or descriptors, to the next try. Milliseconds. */
const PAUSE_MS = 30_000;
/**
 * What it costs to run `ss`, and more for each connection, in milliseconds of one core: as measured
 * on an x86-64 machine. How long a run takes would say more of how busy the machine is.
 */
const COST_MS = 3;
const COST_OF_CONNECTION_MS = 0.02;

/**
 * Asks the Linux kernel, by `ss` of iproute2, what has arrived at the other ends of the server's
 * connections: as often as someone needs it, within a budget. Where there is no `ss` it never
 * asks again.
 */
export class SocketWatch {
  readonly #options: Required<SocketWatchOptions>;
  readonly #ended = new AbortController();
  /** Connections that were told of last. */
  #connections = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  #askedAt = 0;
  /** Not before that is it asked again. */
  #pausedUntil = -Infinity;

  constructor(options: SocketWatchOptions) {
    this.#options = { run: runSs, ...options };
  }

  start(): void {
    this.#timer = setTimeout(() => this.#running = this.#look(), LOOK_MS);
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #look(): Promise<void> {
    const { users, log } = this.#options;
    const cost = COST_MS + this.#connections * COST_OF_CONNECTION_MS;
    const every = Math.max(users.askEvery, cost / BUDGET);
    const now = performance.now();
    try {
      const isTime = now - this.#askedAt >= every - LOOK_MS / 2;
      if (isTime && now >= this.#pausedUntil) await this.#ask();
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      log.debug(`The kernel is not asked what has arrived: ${messageOf(error)}`);
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return;
      this.#pausedUntil = now + PAUSE_MS;
    }
    if (!this.#ended.signal.aborted) this.start();
  }

  async #ask(): Promise<void> {
    const { port, users, run } = this.#options;
    this.#askedAt = performance.now();
    const take = users.asking();
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
