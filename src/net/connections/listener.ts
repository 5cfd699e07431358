import { messageOf } from "../../errors.ts";
import type { Logger } from "../../log/log.ts";
import type { ConnectionKeeper, Handler } from "./connection_keeper.ts";

/** Options of {@linkcode Listener}. */
export interface ListenerOptions {
  /** The address or name to listen on. */
  readonly hostname: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** A certificate chain and its key, as PEM, for HTTPS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Answers each request. */
  readonly handler: Handler;
  /** Looks after the connections. */
  readonly keeper: ConnectionKeeper;
  /** Where to report trouble. */
  readonly log: Logger;
}

/** The pause before listening again, and between tries. Milliseconds. */
const PAUSE_MS = 200;

/**
 * Listens, and listens again: `Deno.serve` stops accepting once it fails to accept one connection, as it
 * does when descriptors run out. The connections that it has accepted go on.
 */
export class Listener {
  /** The port on which it listens. */
  readonly port: number;
  readonly #options: ListenerOptions;
  #server: Deno.HttpServer<Deno.NetAddr>;
  /** Runs from a failure to accept until it listens again. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  /**
   * Begins to listen.
   *
   * @throws What `Deno.serve` throws.
   */
  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = this.#serve(options.port);
    this.port = this.#server.addr.port;
    // Before Deno 2.9, `finished` also waits for open connections.
    options.keeper.onAcceptStopped = () => this.#serveAgain(new Error("Too many open files"));
  }

  /** Stops accepting. Settles when everything under way is done, which may be never. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#server.shutdown();
  }

  #serve(port: number): Deno.HttpServer<Deno.NetAddr> {
    const { hostname, tls, handler, keeper, log } = this.#options;
    const onError = (error: unknown) => {
      // Handlers answer for themselves; only the end of a connection that was cut comes here.
      log.debug(`A response ended early: ${messageOf(error)}`);
      return new Response(null, { status: 500 });
    };
    const options = { hostname, port, ...tls, onListen() {}, onError };
    const server = Deno.serve(options, keeper.following(handler));
    server.finished.catch((error) => {
      if (server === this.#server) this.#serveAgain(error);
    });
    return server;
  }

  #serveAgain(error: unknown): void {
    if (this.#isStopped || this.#timer !== undefined) return;
    const { keeper, log } = this.#options;
    if (error instanceof Deno.errors.NotCapable) {
      log.error("Cannot listen again: restart the program to let new viewers in");
      this.#isStopped = true;
      return;
    }
    if (/too many open files/i.test(messageOf(error))) keeper.remindOfDescriptors();
    else log.warn(`Listening again: ${messageOf(error)}`);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      try {
        this.#server = this.#serve(this.port);
      } catch (error) {
        this.#serveAgain(error);
      }
    }, PAUSE_MS);
    keeper.look();
  }
}
