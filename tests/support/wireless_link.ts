import { cached } from "./cache.ts";
import { findProgram } from "./find_program.ts";

const SOURCE = new URL("./wireless_link.c", import.meta.url);

/** What a link is like. Delays are in milliseconds. */
export interface LinkShape {
  /** In `tc`'s notation, `20mbit`; `40mbit,3mbit@10` changes after ten seconds. */
  readonly rate: string;
  /** Each way. Default: 5. */
  readonly delay?: number;
  /** Added to the delay, evenly distributed. Default: 0. */
  readonly jitter?: number;
  /** Percent of the packets to the viewer. Default: 0. */
  readonly loss?: number;
  /** How many are lost in a row. Default: 1. */
  readonly burst?: number;
  /** Packets that wait at most. Default: 100. */
  readonly queue?: number;
  /** Added to the delay of whoever downloads from `farHost`. Default: 0. */
  readonly far?: number;
  /** The congestion control of connections over the link. Default: cubic. */
  readonly cc?: "cubic" | "bbr";
}

/** Whether this machine can make such links: root on Linux, with `ip`, a C compiler and TUN devices. */
export async function canMakeWirelessLinks(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0 || findProgram("cc") === null) return false;
  try {
    await using _link = await WirelessLink.create({ rate: "10mbit" });
    return true;
  } catch {
    return false;
  }
}

/**
 * A network namespace that downloads from this machine over a link with distance, jitter and loss. From
 * inside, this machine is `host`; a server must listen on 0.0.0.0 or on that address.
 */
export class WirelessLink implements AsyncDisposable {
  readonly host: string;
  /** This machine, farther away. */
  readonly farHost: string;
  readonly #name: string;
  readonly #child: Deno.ChildProcess;

  private constructor(name: string, subnet: string, child: Deno.ChildProcess) {
    this.#name = name;
    this.#child = child;
    this.host = `${subnet}.1`;
    this.farHost = `${subnet}.4`;
  }

  static async create(shape: LinkShape): Promise<WirelessLink> {
    const program = await build();
    const random = crypto.getRandomValues(new Uint8Array(3));
    const name = `w${Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    const subnet = `10.${150 + random[0] % 50}.${random[1]}`;
    const settings = Object.entries(shape).map(([key, value]) => `${key}=${value}`);
    const child = new Deno.Command(program, {
      args: [name, subnet, ...settings],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const link = new WirelessLink(name, subnet, child);
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    reader.releaseLock();
    if (value) return link;
    await link[Symbol.asyncDispose]();
    throw new Error("Cannot make a wireless link");
  }

  /** Returns the command that runs another one behind the link. */
  command(program: string, ...args: string[]): [string, string[]] {
    // `ip netns exec` also changes mounts, which it cannot do in a chroot.
    return ["nsenter", [`--net=/run/netns/${this.#name}`, program, ...args]];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.stdin.close().catch(() => {});
    await this.#child.stdout.cancel();
    await this.#child.status;
    // The devices are gone with the program.
    await new Deno.Command("ip", { args: ["netns", "del", this.#name], stderr: "null" }).output();
  }
}

async function build(): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(SOURCE));
  const name = new Uint8Array(digest).subarray(0, 6).toHex();
  return await cached(`wireless-link-${name}`, async (path) => {
    const { success } = await new Deno.Command("cc", {
      args: ["-O2", "-o", path, SOURCE.pathname],
    }).output();
    if (!success) throw new Error("Cannot build wireless_link");
  });
}
