import { explain } from "../channel/explanation.ts";
import { isLoopback, parseIp } from "../net/ip_address.ts";
import { HttpProblem } from "./problem.ts";
import type { Check } from "./route.ts";

/** Returns the names by which the network knows this machine: its own, and that in `.local` (RFC 6762). */
export function machineNames(): string[] {
  const name = Deno.hostname();
  const [label] = name.split(".");
  return [name, label, `${label}.local`];
}

/**
 * The names by which clients may address the server. Otherwise a page of another site whose name resolves to
 * our address (DNS rebinding) could do all that our own pages can. `localhost` and IP addresses are always
 * allowed, as no other site can use them.
 */
export class HostList {
  readonly #names: ReadonlySet<string>;
  readonly #changing: () => string | null;

  /**
   * Allows these names.
   *
   * @param changing Returns one more, which may change; `null` for none.
   */
  constructor(names: readonly string[], changing: () => string | null = () => null) {
    this.#changing = changing;
    this.#names = new Set(names.map((name) => name.toLowerCase()));
  }

  /**
   * Returns whether a host name is allowed.
   *
   * @param hostname The host name of a {@linkcode URL}.
   */
  allows(hostname: string): boolean {
    if (hostname.startsWith("[") || parseIp(hostname) !== null) return true;
    const name = hostname.replace(/\.$/, "");
    return isLocalhost(name) || this.#names.has(name) || this.#changing() === name;
  }
}

/**
 * Returns whether a name or an address leads to whichever machine opens it.
 *
 * @param hostname The host name of a {@linkcode URL}.
 */
export function isOwnMachine(hostname: string): boolean {
  return isLocalhost(hostname) || isLoopback(hostname.replace(/^\[|\]$/g, ""));
}

/** Returns a check that refuses requests for any other name, with 421. */
export function checkHost(hosts: HostList): Check {
  return ({ url: { hostname } }) => {
    if (hosts.allows(hostname)) return null;
    throw new HttpProblem(421, explain("unknown-host", { name: hostname.slice(0, 200) }));
  };
}

/** Returns whether a host name is that of whichever machine opens it (RFC 6761 section 6.3). */
function isLocalhost(name: string): boolean {
  return /(^|\.)localhost$/.test(name);
}
