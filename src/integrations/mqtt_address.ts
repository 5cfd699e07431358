/** A broker, and where to publish. */
export interface MqttAddress {
  /** A name, or an IPv4 address. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** Whether to speak TLS. */
  readonly isSecure: boolean;
  /** `null` to log in without. */
  readonly user: string | null;
  /** `null` without one. */
  readonly password: string | null;
  /** What all topics begin with; `null` for the usual. */
  readonly prefix: string | null;
}

/** The longest prefix: topics are at most 65,535 bytes, and nobody types that. */
const MAX_PREFIX = 200;

/** Reads `mqtt://user:password@host:port/prefix`, or `mqtts://…`; returns `null` if it is something else. */
export function readMqttAddress(text: string): MqttAddress | null {
  const [, scheme, rest] = /^(mqtts?):\/\/(.+)$/i.exec(text) ?? [];
  if (scheme === undefined) return null;
  // URL parses the authority only of the schemes it knows, and a host as one of those.
  const url = URL.parse(`http://${rest}`);
  if (!url || url.search !== "" || url.hash !== "" || url.hostname.startsWith("[")) return null;
  const isSecure = scheme.toLowerCase() === "mqtts";
  const port = /^[^/]*:80(?:\/|$)/.test(rest!) ? 80 : Number(url.port || (isSecure ? 8883 : 1883));
  try {
    const prefix = decodeURIComponent(url.pathname).replace(/^\/|\/$/g, "");
    // Wildcards have no place in a topic to publish on, and $ belongs to the broker.
    // deno-lint-ignore no-control-regex
    if (/[#+\x00-\x1f]|^\$/.test(prefix) || prefix.length > MAX_PREFIX) return null;
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    return {
      ...{ host: url.hostname, port, isSecure },
      user: user === "" ? null : user,
      // Section 3.1.2.9: no password without a user name.
      password: user === "" || password === "" ? null : password,
      prefix: prefix === "" ? null : prefix,
    };
  } catch {
    return null;
  }
}

/** Returns the part of the address that may be shown. */
export function showMqttAddress({ host, port, isSecure }: MqttAddress): string {
  return `mqtt${isSecure ? "s" : ""}://${host}:${port}`;
}
