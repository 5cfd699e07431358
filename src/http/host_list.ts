import { isLoopback, parseIp } from "../net/ip_address.ts";
import { HttpProblem } from "./problem.ts";
import type { Check } from "./router.ts";

/** The names by which the network knows this machine: its own, and that in `.local` (RFC 6762). */
export function machineNames(): string[] {
  const name = Deno.hostname();
  const [label] = name.split(".");
  return [name, label, `${label}.local`];
}

/**
 * The names by which the server may be asked for. A page that another site brought under our
 * address by a name of its own (DNS rebinding) could otherwise do all that our own pages can.
 * Nobody but us is `localhost`, and an address is no name.
 */
export class HostList {
  readonly #names: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.#names = new Set(names.map((name) => name.toLowerCase()));
  }

  /** @param hostname As a {@linkcode URL} has it. */
  allows(hostname: string): boolean {
    if (hostname.startsWith("[") || parseIp(hostname) !== null) return true;
    const name = hostname.replace(/\.$/, "");
    return isLocalhost(name) || this.#names.has(name);
  }
}

/**
 * Whether a name or an address leads to the machine on which it is opened, whichever that is.
 *
 * @param hostname As a {@linkcode URL} has it.
 */
export function isOwnMachine(hostname: string): boolean {
  return isLocalhost(hostname) || isLoopback(hostname.replace(/^\[|\]$/g, ""));
}

/** Refuses requests for any other name, with 421. */
export function checkHost(hosts: HostList): Check {
  return ({ url: { hostname } }) => {
    if (hosts.allows(hostname)) return null;
    const name = hostname.slice(0, 200);
    throw new HttpProblem(
      421,
      `Open the server by its address, or start it with --allow-host ${name} to open it by this name`,
    );
  };
}

/** Returns whether a host name is that of whichever machine opens it (RFC 6761 section 6.3). */
function isLocalhost(name: string): boolean {
  return /(^|\.)localhost$/.test(name);
}
