import assert from "node:assert/strict";
import { cached } from "../support/cache.ts";

/** The release of Debian in the container. */
const RELEASE = "bookworm";

/** The result of a command in a container. */
export interface Ran {
  readonly code: number;
  /** Standard output, without the line end. */
  readonly stdout: string;
  readonly stderr: string;
}

/** A pristine Debian with its own systemd and network, deleted at the end. */
export class Container implements AsyncDisposable {
  readonly #nspawn: Deno.ChildProcess;
  readonly #leader: string;

  private constructor(nspawn: Deno.ChildProcess, leader: string) {
    this.#nspawn = nspawn;
    this.#leader = leader;
  }

  /**
   * Boots a container.
   *
   * @param shown Files and folders of this machine to show in it, by their paths in it.
   */
  static async boot(shown: Readonly<Record<string, string>>): Promise<Container> {
    const base = await pristineDebian();
    const nspawn = new Deno.Command("systemd-nspawn", {
      args: [
        ...["--quiet", "--boot", "--ephemeral", `--directory=${base}`, "--private-network"],
        // No systemd needs to run on this machine.
        ...["--register=no", "--keep-unit", "--console=pipe"],
        ...Object.entries(shown).map(([there, here]) => `--bind-ro=${here}:${there}`),
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const children = `/proc/${nspawn.pid}/task/${nspawn.pid}/children`;
    for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
      const [leader] = (await Deno.readTextFile(children).catch(() => "")).split(" ");
      if (leader) {
        const container = new Container(nspawn, leader);
        const { stdout } = await container.run("systemctl is-system-running --wait");
        if (/running|degraded/.test(stdout)) return container;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    nspawn.kill("SIGKILL");
    throw new Error("The container did not boot within 60 s");
  }

  /** Runs a line of shell as root. */
  run(line: string): Promise<Ran> {
    return this.#enter("--all", "sh", "-c", line);
  }

  /** Runs a line of shell that must succeed, and returns its output. */
  async check(line: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(line);
    assert.equal(code, 0, `${line}: ${stdout}\n${stderr}`);
    return stdout;
  }

  /** Runs this machine's curl in the container's network. */
  curl(...args: string[]): Promise<Ran> {
    return this.#enter("--net", "curl", "--silent", "--show-error", "--max-time", "5", ...args);
  }

  async #enter(namespaces: string, ...command: string[]): Promise<Ran> {
    const { code, stdout, stderr } = await new Deno.Command("nsenter", {
      args: ["--target", this.#leader, namespaces, ...command],
      clearEnv: true,
      env: {
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        DEBIAN_FRONTEND: "noninteractive",
      },
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd();
    return { code, stdout: text(stdout), stderr: text(stderr) };
  }

  /** Powers the container off. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.run("systemctl poweroff");
    const timer = setTimeout(() => this.#nspawn.kill("SIGKILL"), 30_000);
    await this.#nspawn.status;
    clearTimeout(timer);
  }
}

/** Returns the folder of a minimal Debian that has downloaded, but not installed, what the package needs. */
function pristineDebian(): Promise<string> {
  return cached(`container-${RELEASE}.d`, async (path) => {
    const { success, stderr } = await new Deno.Command("mmdebstrap", {
      args: [
        ...["--variant=minbase", "--include=systemd,dbus,ca-certificates"],
        // Keeps the packages that the hook downloads.
        "--skip=cleanup/apt",
        '--customize-hook=chroot "$1" apt-get install --download-only --yes ffmpeg',
        ...[RELEASE, path],
      ],
      stdin: "null",
    }).output();
    if (!success) throw new Error(`Cannot make a Debian: ${new TextDecoder().decode(stderr)}`);
  });
}

/** Returns whether a container can be booted here, which needs root and is forbidden in some sandboxes. */
export async function canBoot(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    await using _container = await Container.boot({});
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await Deno.stderr.write(new TextEncoder().encode(`Cannot boot a container: ${reason}\n`));
    return false;
  }
}
