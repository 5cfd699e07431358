import { temporaryFolder } from "../store/temporary_folder.ts";
import { Child } from "./child.ts";
import { findProgram } from "./find_program.ts";
import type { LanHost } from "./lan.ts";

/** Whether Avahi, its tools and D-Bus, by which they talk, are installed. */
export const HAS_AVAHI = ["avahi-daemon", "avahi-browse", "avahi-resolve", "dbus-daemon"]
  .every((name) => findProgram(name) !== null);

/** What Avahi found of a service. */
export interface FoundService {
  readonly name: string;
  readonly host: string;
  readonly address: string;
  readonly port: string;
  readonly text: string;
}

/** A bus of our own, on which anyone may do anything. */
const busConfiguration = (path: string) =>
  `<busconfig>
  <type>system</type>
  <listen>unix:path=${path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/>
    <allow send_type="method_call"/><allow send_type="signal"/>
    <allow send_type="method_return"/><allow send_type="error"/>
    <allow receive_type="method_call"/><allow receive_type="signal"/>
    <allow receive_type="method_return"/><allow receive_type="error"/>
  </policy>
</busconfig>`;

const CONFIGURATION = `[server]
host-name=other
use-ipv6=no
allow-interfaces=eth0
`;

/** Avahi, the usual responder and resolver on Linux, running on a host. */
export class Avahi implements AsyncDisposable {
  readonly #host: LanHost;
  readonly #bus: string;
  readonly #parts: AsyncDisposableStack;

  private constructor(host: LanHost, bus: string, parts: AsyncDisposableStack) {
    this.#host = host;
    this.#bus = bus;
    this.#parts = parts;
  }

  static async start(host: LanHost): Promise<Avahi> {
    await using parts = new AsyncDisposableStack();
    const folder = parts.use(temporaryFolder()).path;
    const bus = `unix:path=${folder}/bus`;
    await Deno.writeTextFile(`${folder}/bus.xml`, busConfiguration(`${folder}/bus`));
    await Deno.writeTextFile(`${folder}/avahi.conf`, CONFIGURATION);
    const dbus = parts.use(
      new Child(
        [findProgram("dbus-daemon")!, `--config-file=${folder}/bus.xml`, "--print-address"],
        {
          stdout: "piped",
          ending: "SIGTERM",
        },
      ),
    );
    await dbus.says(/unix:path/);
    // Its PID file has a fixed path, which the system's own Avahi may have.
    const start = "mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon && exec " +
      `${
        findProgram("avahi-daemon")
      } --no-drop-root --no-chroot --no-rlimits -f ${folder}/avahi.conf`;
    const daemon = parts.use(
      new Child(host.command("unshare", "--mount", "sh", "-c", start), {
        env: { DBUS_SYSTEM_BUS_ADDRESS: bus },
        ending: "SIGTERM",
      }),
    );
    await daemon.says(/Server startup complete/);
    return new Avahi(host, bus, parts.move());
  }

  /** Returns the IPv4 address that a name has; `null` if none. */
  async resolve(name: string): Promise<string | null> {
    const line = await this.#run("avahi-resolve", "-4", "-n", name);
    return line.startsWith(name) ? line.trim().split("\t")[1]! : null;
  }

  /** Returns the services of a type, by their names. */
  async browse(type: string): Promise<FoundService[]> {
    const lines = (await this.#run("avahi-browse", "--resolve", "--terminate", "--parsable", type))
      .split("\n").filter((line) => line.startsWith("="));
    const found = lines.map((line) => {
      const [, , , name, , , host, address, port, text] = line.split(";") as string[];
      return { name: unescape(name!), host: host!, address: address!, port: port!, text: text! };
    });
    return found.sort((one, other) => one.name < other.name ? -1 : 1);
  }

  async #run(program: string, ...args: string[]): Promise<string> {
    const [command, ...rest] = this.#host.command(findProgram(program)!, ...args);
    const { stdout } = await new Deno.Command(command, {
      args: rest,
      env: { DBUS_SYSTEM_BUS_ADDRESS: this.#bus },
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts[Symbol.asyncDispose]();
  }
}

/** Returns a name without the `\032` by which Avahi writes bytes. */
function unescape(name: string): string {
  const bytes = name.replaceAll(/\\(\d{3})/g, (_all, code) => String.fromCharCode(Number(code)));
  return new TextDecoder().decode(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)));
}
