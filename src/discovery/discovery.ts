import type { Logger } from "../log/log.ts";
import { announcedNetworks, type NetworkInterface } from "./network.ts";
import type { Service } from "./service.ts";
import type { DiscoveryReport, DiscoveryRequest } from "./worker.ts";

/** What the discovery needs of a Web Worker. */
export type DiscoveryWorker = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

/** Options of {@linkcode Discovery}. */
export interface DiscoveryOptions {
  /** Where the server listens. */
  readonly host: string;
  /** Receives the name, and why there is none. */
  readonly log: Logger;
  /** Answers multicast DNS. Default: a thread that may use the network, and nothing else. */
  readonly worker?: DiscoveryWorker;
  /** Default: those of this machine. */
  readonly interfaces?: () => readonly NetworkInterface[];
}

/** How often to look for other networks. Milliseconds. */
const LOOK_MS = 5000;

/**
 * Networks that could not be joined are tried again after so many looks: a minute, doubled each time up to an hour,
 * because each retry leaves the joined ones for a moment.
 */
const RETRY_LOOKS = 12;
const MAX_RETRY_LOOKS = 720;

/** How long taking back what was announced may take. Milliseconds. */
const FAREWELL_MS = 300;

/** Lets devices in the local networks find the server, by multicast DNS. */
export class Discovery implements AsyncDisposable {
  readonly #options: DiscoveryOptions;
  readonly #worker: DiscoveryWorker;
  readonly #closed = Promise.withResolvers<void>();
  #service: Service | null = null;
  #networks = "";
  #host: string | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #hasProblem = false;
  /** Whether a network could not be joined since the last move. */
  #isUnjoined = false;
  #looksLeft = 0;
  #retryLooks = RETRY_LOOKS;

  /** Starts the thread, which announces nothing yet. */
  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#worker = options.worker ?? startDiscoveryWorker();
    this.#worker.onmessage = ({ data }: MessageEvent<DiscoveryReport>) => this.#take(data);
    this.#worker.onerror = (event) => {
      // Otherwise the error would end the program.
      event.preventDefault();
      this.#take({ type: "problem", reason: event.message });
      this.#take({ type: "host", host: null });
      this.#closed.resolve();
    };
  }

  /** The name of this machine in the local networks, `livestream.local`; `null` if it has none. */
  get host(): string | null {
    return this.#host;
  }

  /** The page by that name, `null` if there is none. */
  get url(): string | null {
    if (this.#host === null || this.#service === null) return null;
    const { isSecure, port, path } = this.#service;
    return new URL(`${isSecure ? "https" : "http"}://${this.#host}:${port}${path}`).href;
  }

  /** Announces the server, once it listens, and again when its title changed. */
  announce(service: Service): void {
    this.#service = service;
    this.#ask({ type: "announce", service });
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  /** Takes back what was announced, and ends the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#ask({ type: "close" });
    const timer = setTimeout(this.#closed.resolve, FAREWELL_MS);
    await this.#closed.promise;
    clearTimeout(timer);
    this.#worker.terminate();
  }

  /** Moves to the present networks if they have changed, or if one could not be joined a while ago. */
  #look(): void {
    const { host, interfaces = () => Deno.networkInterfaces() } = this.#options;
    const networks = announcedNetworks(host, interfaces());
    const shown = JSON.stringify(networks);
    if (shown !== this.#networks) {
      this.#networks = shown;
      this.#hasProblem = false;
      this.#retryLooks = RETRY_LOOKS;
    } else if (!this.#isUnjoined || --this.#looksLeft > 0) return;
    this.#isUnjoined = false;
    this.#ask({ type: "move", networks });
  }

  #take(report: DiscoveryReport): void {
    const { log } = this.#options;
    switch (report.type) {
      case "host":
        this.#host = report.host;
        if (this.url !== null) log.info(`Announced on the network as ${new URL("/", this.url)}`);
        return;
      case "problem":
        // One line, whatever the number of networks.
        if (!this.#hasProblem) {
          log.warn(`Not announced on the network: ${report.reason} (--no-mdns turns this off)`);
        }
        this.#hasProblem = true;
        this.#retryLater();
        return;
      case "closed":
        this.#closed.resolve();
    }
  }

  #retryLater(): void {
    if (this.#isUnjoined) return;
    this.#isUnjoined = true;
    this.#looksLeft = this.#retryLooks;
    this.#retryLooks = Math.min(2 * this.#retryLooks, MAX_RETRY_LOOKS);
  }

  #ask(request: DiscoveryRequest): void {
    this.#worker.postMessage(request);
  }
}

/** Starts the thread that answers multicast DNS: it may use the network, and nothing else. */
function startDiscoveryWorker(): DiscoveryWorker {
  return new Worker(new URL("./worker.ts", import.meta.url), {
    type: "module",
    // Answers go to any address of a local network. Deno takes a range here for more than the same range there.
    deno: { permissions: { net: "inherit" } },
  });
}
