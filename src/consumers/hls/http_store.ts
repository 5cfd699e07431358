import type { Requester } from "../../outgoing/http_client.ts";
import { hlsCaching, type HlsStore, hlsType } from "./store.ts";

/** A segment must be there before the next ones are. Milliseconds. */
const TIMEOUT_MS = 10_000;

/** Another server, such as nginx with `dav_methods` or an object store, by PUT and DELETE. */
export class HttpStore implements HlsStore {
  readonly name: string;
  readonly #url: URL;
  readonly #client: Requester;

  /**
   * Sends files to a server.
   *
   * @param url Of the folder, which ends with a slash; a user name and password in it are sent.
   */
  constructor(url: URL, client: Requester) {
    // The path may hold a secret, as that of a webhook does.
    this.name = url.origin;
    this.#url = url;
    this.#client = client;
  }

  async put(name: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const headers = { "Content-Type": hlsType(name), "Cache-Control": hlsCaching(name) };
    const status = await this.#send({ method: "PUT", name, headers, body });
    if (status < 200 || status > 299) throw new Error(reasonOf(status));
  }

  async remove(name: string): Promise<void> {
    // A server that deletes nothing may have another way to forget old files.
    await this.#send({ method: "DELETE", name });
  }

  close(): void {
    // The client is shared.
  }

  async #send({ method, name, headers, body }: {
    readonly method: string;
    readonly name: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Uint8Array<ArrayBuffer>;
  }): Promise<number> {
    const url = new URL(this.#url);
    url.pathname += name;
    const request = { method, url, timeout: TIMEOUT_MS, ...headers && { headers } };
    return (await this.#client.request({ ...request, ...body && { body } })).status;
  }
}

function reasonOf(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return `the server refuses: check user name, password and its rules (HTTP ${status})`;
    case 404:
    case 409:
      return `the server has no such folder (HTTP ${status})`;
    case 405:
      return "the server does not allow PUT (HTTP 405)";
    case 413:
      return "the server takes no files that large (HTTP 413)";
    default:
      return `the server answers with HTTP ${status}`;
  }
}
