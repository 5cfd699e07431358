import { findProgram } from "../support/find_program.ts";

const SCRIPT = new URL("../../install.sh", import.meta.url).pathname;

/** Programs that the script runs besides those with answers, and curl or wget. */
const TOOLS = "cat chmod cut id mkdir mktemp mv rm rmdir sed sha256sum".split(" ");

/** Answers of programs that a test makes up: the shell command that gives each. */
export type Answers = Readonly<Record<string, string>>;

/** What a 64-bit PC with Debian and ffmpeg answers, whatever machine runs the test. */
const PC: Answers = {
  uname: "case $1 in -m) echo x86_64 ;; *) echo Linux ;; esac",
  getconf: 'case $1 in LONG_BIT) echo 64 ;; *) echo "glibc 2.36" ;; esac',
  ffmpeg: "true",
};

/** The name of a PC's executable. */
export const LINUX = "livestream-x86_64-unknown-linux-gnu";

/** A program that prints its version, as the executable does. */
export const PROGRAM = "#!/bin/sh\necho '0.1.0 (Deno 2.9.6)'\n";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine with few programs on which install.sh runs, and a server of releases. */
export class InstallMachine implements AsyncDisposable {
  /** Paths that were asked for. */
  readonly requests: string[] = [];
  /** What the server has, by path. */
  readonly files = new Map<string, BodyInit | (() => BodyInit)>();
  readonly folder: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(folder: string) {
    this.folder = folder;
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      const { pathname } = new URL(request.url);
      this.requests.push(pathname);
      const body = this.files.get(pathname);
      if (body === undefined) return new Response("Not found", { status: 404 });
      return new Response(typeof body === "function" ? body() : body);
    });
  }

  /**
   * @param downloader Program that downloads.
   * @param answers Differences from a PC's answers; an empty one is that of a missing program.
   * @param box Program that stands in for all others, as busybox does.
   */
  static async create(
    { downloader = "curl", answers = {}, box }: {
      downloader?: string;
      answers?: Answers;
      box?: string;
    } = {},
  ): Promise<InstallMachine> {
    const folder = await Deno.makeTempDir({ prefix: "install-" });
    const fakes = { ...PC, ...answers };
    await Deno.mkdir(`${folder}/bin`);
    for (const name of ["sh", ...TOOLS, downloader].filter((name) => !(name in fakes))) {
      await Deno.symlink(box ?? findProgram(name)!, `${folder}/bin/${name}`);
    }
    for (const [name, body] of Object.entries(fakes)) {
      if (body === "") continue;
      await Deno.writeTextFile(`${folder}/bin/${name}`, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    }
    return new InstallMachine(folder);
  }

  get target(): string {
    return `${this.folder}/home/bin`;
  }

  get environment() {
    return {
      PATH: `${this.folder}/bin`,
      HOME: this.folder,
      LIVESTREAM_BASE_URL: `http://127.0.0.1:${this.#server.addr.port}`,
    };
  }

  /** Publishes an executable under a path, with its line in SHA256SUMS. */
  async publish(name = LINUX, body = PROGRAM, path = "/latest/download"): Promise<void> {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body));
    this.files.set(`${path}/${name}`, body);
    const sums = `${"0".repeat(64)}  another-file\n${new Uint8Array(digest).toHex()}  ${name}\n`;
    this.files.set(`${path}/SHA256SUMS`, sums);
  }

  /** Returns the command that runs the script on this machine. */
  command(args: readonly string[] = [], before: readonly string[] = []): Deno.Command {
    const sh = `${this.folder}/bin/sh`;
    const [program, ...rest] = [...before, sh, SCRIPT, "--to", this.target, ...args];
    return new Deno.Command(program!, { args: rest, ...this.#options() });
  }

  /** Runs the script to its end. */
  async run(...args: string[]): Promise<Outcome> {
    return outcomeOf(await this.command(args).output());
  }

  /** Runs text piped into sh, as of a script that is still being downloaded. */
  async pipe(text: string): Promise<Outcome> {
    const options = { ...this.#options(), args: ["-s", "--", "--to", this.target] };
    const child = new Deno.Command(`${this.folder}/bin/sh`, { ...options, stdin: "piped" }).spawn();
    const [output] = await Promise.all([
      child.output(),
      new Blob([text]).stream().pipeTo(child.stdin).catch(() => {}),
    ]);
    return outcomeOf(output);
  }

  /** Returns the names in the target folder; `null` if there is none. */
  installed(): string[] | null {
    try {
      return [...Deno.readDirSync(this.target)].map(({ name }) => name).toSorted();
    } catch {
      return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await Deno.remove(this.folder, { recursive: true });
  }

  #options() {
    return {
      clearEnv: true,
      env: this.environment,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    } as const;
  }
}

export function outcomeOf({ code, stdout, stderr }: Deno.CommandOutput): Outcome {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
