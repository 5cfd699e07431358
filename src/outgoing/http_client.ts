import { type Connection, type Connector, OutgoingError } from "./connection.ts";
import { Deadline } from "./deadline.ts";
import { type HttpAddress, readHttpAddress } from "./http_address.ts";
import { type HttpResponse, readResponse } from "./http_response.ts";

/** One request. */
export interface HttpRequest {
  /** `POST`, `PUT`, … */
  readonly method: string;
  /** Of HTTP or HTTPS; a user name and password in it are sent as such. */
  readonly url: URL;
  /** Beside those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent. */
  readonly body?: Uint8Array<ArrayBuffer>;
  /** How long it may take in all. Milliseconds. */
  readonly timeout: number;
}

/** Sends requests. */
export interface Requester {
  /**
   * Sends a request. Redirects are answers like others; they are not followed, as the address is the one that
   * the streamer trusts.
   *
   * @throws {OutgoingError} There was no answer.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
}

/** How long an unused connection is kept; servers close them after 5 s or later. Milliseconds. */
const IDLE_MS = 4_000;

interface Idle {
  readonly connection: Connection;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Sends requests of HTTP/1.1, several over one connection if the server allows it. */
export class HttpClient implements Requester, Disposable {
  readonly #connector: Connector;
  /** Of each origin one at most. */
  readonly #idle = new Map<string, Idle>();

  /** Uses the connections of this one. */
  constructor(connector: Connector) {
    this.#connector = connector;
  }

  async request(request: HttpRequest): Promise<HttpResponse> {
    const address = readHttpAddress(request.url);
    using deadline = new Deadline(request.timeout);
    const { signal } = deadline;
    const kept = this.#takeIdle(address.origin);
    if (kept) {
      try {
        return await this.#exchange(kept, address, request, signal);
      } catch (error) {
        // The server may have closed it at the same moment.
        if (signal.aborted) throw error;
      }
    }
    const fresh = await this.#connector.connect(address.destination, signal);
    return await this.#exchange(fresh, address, request, signal);
  }

  /** Closes the connections that are kept. */
  [Symbol.dispose](): void {
    for (const origin of [...this.#idle.keys()]) this.#takeIdle(origin)?.close();
  }

  async #exchange(
    connection: Connection,
    address: HttpAddress,
    request: HttpRequest,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const onAbort = () => connection.close();
    signal.addEventListener("abort", onAbort);
    let isKept = false;
    try {
      if (signal.aborted) throw new OutgoingError("no answer");
      // A server may answer before it has read everything, and then read no more.
      let isWritten = false;
      connection.write(encodeRequest(address, request)).then(() => isWritten = true, () => {});
      const { status, retryAfter, isReusable } = await readResponse(connection);
      isKept = isReusable && isWritten && !signal.aborted;
      return { status, retryAfter };
    } catch (error) {
      throw signal.aborted ? new OutgoingError("no answer") : error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      if (isKept) this.#keep(address.origin, connection);
      else connection.close();
    }
  }

  #keep(origin: string, connection: Connection): void {
    this.#takeIdle(origin)?.close();
    const timer = setTimeout(() => this.#takeIdle(origin)?.close(), IDLE_MS);
    this.#idle.set(origin, { connection, timer });
  }

  #takeIdle(origin: string): Connection | null {
    const idle = this.#idle.get(origin);
    if (!idle) return null;
    clearTimeout(idle.timer);
    this.#idle.delete(origin);
    return idle.connection;
  }
}

function encodeRequest(
  { path, host, authorization }: HttpAddress,
  { method, headers = {}, body = new Uint8Array() }: HttpRequest,
): Uint8Array<ArrayBuffer> {
  const all = {
    Host: host,
    "User-Agent": "livestream",
    "Content-Length": `${body.length}`,
    ...(authorization === null ? {} : { Authorization: authorization }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = new TextEncoder().encode(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}
