/** A local network: network namespaces whose `eth0` are joined by a bridge. */
export class Lan implements AsyncDisposable {
  readonly #bridge: string;
  readonly #hosts: string[] = [];

  private constructor(bridge: string) {
    this.#bridge = bridge;
  }

  static async create(): Promise<Lan> {
    const random = crypto.getRandomValues(new Uint8Array(3)).toHex();
    const lan = new Lan(`b${random}`);
    try {
      await ip("netns", "add", lan.#bridge);
      await ipOf(lan.#bridge, "link", "add", "br0", "type", "bridge");
      await ipOf(lan.#bridge, "link", "set", "br0", "up");
      return lan;
    } catch (error) {
      await lan[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Adds a host, which has the next address, and returns it. */
  async addHost(): Promise<LanHost> {
    const number = this.#hosts.length + 1;
    const name = `${this.#bridge}h${number}`;
    this.#hosts.push(name);
    const outside = `v${number}`;
    await ip("netns", "add", name);
    const peer = ["peer", "name", "eth0", "netns", name];
    await ipOf(this.#bridge, "link", "add", outside, "type", "veth", ...peer);
    await ipOf(this.#bridge, "link", "set", outside, "master", "br0", "up");
    const host = new LanHost(name, `10.77.0.${number}`);
    await ipOf(name, "addr", "add", `${host.address}/24`, "dev", "eth0");
    for (const device of ["lo", "eth0"]) await ipOf(name, "link", "set", device, "up");
    return host;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [...this.#hosts, this.#bridge]) {
      await ip("netns", "del", name).catch(() => {});
    }
  }
}

/** A host of a {@linkcode Lan}. */
export class LanHost {
  readonly #name: string;

  constructor(name: string, readonly address: string) {
    this.#name = name;
  }

  /** Returns the command that runs another one on this host. */
  command(...command: readonly string[]): [string, ...string[]] {
    // `ip netns exec` also changes mounts, which it cannot do in a chroot.
    return ["nsenter", `--net=/run/netns/${this.#name}`, ...command];
  }

  /** Adds an interface with an address that has another end on this host alone. */
  async addInterface(name: string, cidr: string): Promise<void> {
    await ipOf(this.#name, "link", "add", name, "type", "veth", "peer", "name", `${name}end`);
    await ipOf(this.#name, "addr", "add", cidr, "dev", name);
    for (const end of [name, `${name}end`]) await ipOf(this.#name, "link", "set", end, "up");
  }

  /** Gives `eth0` another address. */
  async moveTo(address: string): Promise<void> {
    await ipOf(this.#name, "addr", "flush", "dev", "eth0");
    await ipOf(this.#name, "addr", "add", `${address}/24`, "dev", "eth0");
  }
}

/** Whether this machine can make such networks: root on Linux, with `ip` and bridges. */
export async function canMakeLans(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    await using _lan = await Lan.create();
    // Avahi gets a `/run` of its own, which a chroot does not allow.
    await run("unshare", ["--mount", "true"]);
    return true;
  } catch {
    return false;
  }
}

async function ip(...args: string[]): Promise<void> {
  await run("ip", args);
}

/** Runs `ip` in a namespace. Its `-n` also changes mounts, which it cannot do in a chroot. */
async function ipOf(namespace: string, ...args: string[]): Promise<void> {
  await run("nsenter", [`--net=/run/netns/${namespace}`, "ip", ...args]);
}

async function run(program: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args }).output();
  if (success) return;
  throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
