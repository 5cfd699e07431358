import type { Destination } from "./connection.ts";

/** Where a request goes. */
export interface HttpAddress {
  /** The server. */
  readonly destination: Destination;
  /** Scheme, host and port, which have no secrets. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** For the header `Host`. */
  readonly host: string;
  /** For the header `Authorization`; `null` if the address has no user name. */
  readonly authorization: string | null;
}

/** Takes an address of HTTP or HTTPS apart. */
export function readHttpAddress(url: URL): HttpAddress {
  const { protocol, hostname, port, host, origin, pathname, search, username, password } = url;
  const isSecure = protocol === "https:";
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    destination: { host: hostname, port: Number(port || (isSecure ? 443 : 80)), isSecure },
    ...{ origin, host, path: pathname + search },
    authorization: username === "" && password === ""
      ? null
      : `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(user)))}`,
  };
}
