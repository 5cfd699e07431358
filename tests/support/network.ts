/** A machine in a {@linkcode Network}. */
export interface Machine {
  /** Its address, which the others and the host reach. */
  readonly address: string;
  /** Returns the command that runs another one on it. */
  command(program: string, ...args: string[]): [string, ...string[]];
}

/** Network namespaces that are joined by a bridge, as machines in a LAN. Needs root on Linux, and `ip`. */
export class Network implements AsyncDisposable {
  readonly machines: readonly Machine[];
  readonly #name: string;

  private constructor(name: string, subnet: string, count: number) {
    this.#name = name;
    this.machines = Array.from({ length: count }, (_, i) => ({
      address: `${subnet}.${i + 2}`,
      command: (program, ...args) => ["nsenter", `--net=/run/netns/${name}${i}`, program, ...args],
    }));
  }

  /** Makes the machines; the host has the address that ends with 1. */
  static async create(count: number): Promise<Network> {
    const random = crypto.getRandomValues(new Uint8Array(2));
    const name = `n${Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")}x`;
    const subnet = `10.${100 + random[0] % 50}.${random[1]}`;
    const network = new Network(name, subnet, count);
    try {
      await ip("link", "add", name, "type", "bridge");
      await ip("addr", "add", `${subnet}.1/24`, "dev", name);
      await ip("link", "set", name, "up");
      for (const [i, { address }] of network.machines.entries()) {
        const inside = ["-n", `${name}${i}`];
        await ip("netns", "add", `${name}${i}`);
        await ip(
          "link",
          "add",
          `${name}${i}h`,
          "type",
          "veth",
          "peer",
          "name",
          "eth0",
          "netns",
          `${name}${i}`,
        );
        await ip("link", "set", `${name}${i}h`, "master", name, "up");
        await ip(...inside, "addr", "add", `${address}/24`, "dev", "eth0");
        for (const device of ["lo", "eth0"]) await ip(...inside, "link", "set", device, "up");
      }
      return network;
    } catch (error) {
      await network[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const names = this.machines.map((_, i) => ["netns", "del", `${this.#name}${i}`]);
    for (const args of [...names, ["link", "del", this.#name]]) await ip(...args).catch(() => {});
  }
}

async function ip(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("ip", { args }).output();
  if (!success) throw new Error(`ip ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
