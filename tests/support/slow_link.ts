/** A link's rate in `tc`'s notation, such as `5mbit`. */
export type LinkRate = string;

/** Whether this machine can make slow links: root on Linux, with `ip` and `tc` of iproute2. */
export async function canMakeLinks(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    await using _link = await SlowLink.create("10mbit");
    return true;
  } catch {
    return false;
  }
}

/**
 * A network namespace that downloads from this machine over a slow link. From inside, this machine
 * is `host`; a server must listen on 0.0.0.0 or on that address.
 */
export class SlowLink implements AsyncDisposable {
  readonly host: string;
  readonly #name: string;
  readonly #outside: string;

  private constructor(name: string, subnet: string) {
    this.#name = name;
    this.#outside = `${name}a`;
    this.host = `${subnet}.1`;
  }

  static async create(rate: LinkRate): Promise<SlowLink> {
    const random = crypto.getRandomValues(new Uint8Array(3));
    const name = `l${Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    const subnet = `10.${200 + random[0] % 50}.${random[1]}`;
    const link = new SlowLink(name, subnet);
    try {
      await run("ip", "netns", "add", name);
      await run("ip", "link", "add", `${name}a`, "type", "veth", "peer", "name", `${name}b`);
      // Chromium drops its requests when an address is added, as IPv6 does by itself a second later.
      await run("ip", "link", "set", `${name}b`, "addrgenmode", "none", "netns", name);
      await run("ip", "addr", "add", `${subnet}.1/24`, "dev", `${name}a`);
      await run("ip", "link", "set", `${name}a`, "up");
      await link.#inside("ip", "addr", "add", `${subnet}.2/24`, "dev", `${name}b`);
      await link.#inside("ip", "link", "set", `${name}b`, "up");
      await link.#inside("ip", "link", "set", "lo", "up");
      await run("tc", "qdisc", "add", ...link.#shape(rate));
      return link;
    } catch (error) {
      await link[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Changes the link's rate. */
  async setRate(rate: LinkRate): Promise<void> {
    await run("tc", "qdisc", "change", ...this.#shape(rate));
  }

  /** Returns the command that runs another one behind the link. */
  command(program: string, ...args: string[]): [string, string[]] {
    // `ip netns exec` also changes mounts, which it cannot do in a chroot.
    return ["nsenter", [`--net=/run/netns/${this.#name}`, program, ...args]];
  }

  #shape(rate: LinkRate): string[] {
    const bucket = ["tbf", "rate", rate, "burst", "32kb", "latency", "100ms"];
    return ["dev", this.#outside, "root", ...bucket];
  }

  async #inside(program: string, ...args: string[]): Promise<void> {
    const [command, all] = this.command(program, ...args);
    await run(command, ...all);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run("ip", "link", "del", this.#outside).catch(() => {});
    await run("ip", "netns", "del", this.#name).catch(() => {});
  }
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trim();
  throw new Error(`${program} ${args.join(" ")}: ${reason}`);
}
