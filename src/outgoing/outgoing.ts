import type { Logger } from "../log/log.ts";
import { type Connection, type Connector, type Destination, OutgoingError } from "./connection.ts";
import { NameLookup } from "./name_lookup.ts";
import type { ConnectionAnswer, ConnectionRequest, ConnectionTask } from "./worker.ts";

/** What {@linkcode Outgoing} needs of a Web Worker. */
export type OutgoingWorker = Pick<
  Worker,
  "postMessage" | "terminate" | "onmessage" | "onerror"
>;

/** Options of {@linkcode Outgoing}. */
export interface OutgoingOptions {
  /** Makes the connections. */
  readonly worker: OutgoingWorker;
  /** Looks up names; `null` to leave it to the worker. */
  readonly names: NameLookup | null;
  /** Receives what happens. */
  readonly log: Logger;
}

interface Waiting {
  readonly resolve: (result: Uint8Array<ArrayBuffer> | null) => void;
  readonly reject: (error: OutgoingError) => void;
}

const ENDED = "the thread that connects has ended: restart the program";

/**
 * Starts the thread that connects to other servers: it may use the network as the program may at its start, and
 * nothing else. Call it before the permissions are given up.
 */
export function startOutgoing(log: Logger): Outgoing {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    type: "module",
    // Deno takes the range itself for more than the program has.
    deno: { permissions: { net: "inherit" } },
  });
  let names: NameLookup | null = null;
  try {
    names = new NameLookup();
  } catch (error) {
    log.debug("Names are looked up by Deno", { error });
  }
  return new Outgoing({ worker, names, log });
}

/** Connections to other servers, by way of the thread that may make them. */
export class Outgoing implements Connector, Disposable {
  readonly #options: OutgoingOptions;
  readonly #waiting = new Map<number, Waiting>();
  #id = 0;
  #lookups = 0;
  #isClosed = false;

  /** Connects by this worker. */
  constructor(options: OutgoingOptions) {
    this.#options = options;
    const { worker, log } = options;
    worker.onmessage = ({ data }: MessageEvent<ConnectionAnswer>) => this.#settle(data);
    worker.onerror = (event) => {
      event.preventDefault();
      log.error("Cannot reach other servers any more: restart the program", {
        error: event.message,
      });
      this.#fail();
    };
  }

  async connect(to: Destination, signal: AbortSignal): Promise<Connection> {
    const { host, port, isSecure } = to;
    const connection = ++this.#id;
    const open = async () => {
      const address = await this.#addressOf(host);
      if (signal.aborted) return;
      const end = () => this.#close(connection);
      signal.addEventListener("abort", end);
      try {
        await this.#ask({ task: "connect", connection, address, host, port, isSecure });
      } catch (error) {
        end();
        throw error;
      } finally {
        signal.removeEventListener("abort", end);
      }
    };
    await orAborted(open(), signal);
    return {
      read: () => this.#ask({ task: "read", connection }),
      write: async (bytes) => void await this.#ask({ task: "write", connection, bytes }),
      close: () => this.#close(connection),
    };
  }

  /** Ends all connections. */
  [Symbol.dispose](): void {
    this.#fail();
    this.#options.worker.terminate();
  }

  async #addressOf(host: string): Promise<string | null> {
    if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host;
    if (host.startsWith("[")) throw new OutgoingError("only IPv4 addresses can be reached");
    const { names } = this.#options;
    if (this.#isClosed) throw new OutgoingError(ENDED);
    if (!names) return null;
    this.#lookups++;
    try {
      return await names.find(host);
    } finally {
      this.#lookups--;
      this.#closeNames();
    }
  }

  /** Closes the C library when no look-up would be surprised by it. */
  #closeNames(): void {
    if (this.#isClosed && this.#lookups === 0) this.#options.names?.[Symbol.dispose]();
  }

  #close(connection: number): void {
    if (this.#isClosed) return;
    // Nobody waits for it, and it may be closed already.
    this.#ask({ task: "close", connection }).catch(() => {});
  }

  #ask(task: ConnectionTask): Promise<Uint8Array<ArrayBuffer> | null> {
    if (this.#isClosed) return Promise.reject(new OutgoingError(ENDED));
    const id = ++this.#id;
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer> | null>();
    this.#waiting.set(id, { resolve, reject });
    const request: ConnectionRequest = { id, task };
    this.#options.worker.postMessage(request);
    return promise;
  }

  #settle(answer: ConnectionAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) waiting?.reject(new OutgoingError(answer.error));
    else waiting?.resolve(answer.result);
  }

  #fail(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { reject } of this.#waiting.values()) reject(new OutgoingError(ENDED));
    this.#waiting.clear();
    this.#closeNames();
  }
}

/** Resolves as `promise` does, unless the signal comes first. */
async function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new OutgoingError("no answer"));
  promise.catch(() => {});
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
