const ROOT = new URL("../../", import.meta.url).pathname;

/** Touches none of the user's data, and keeps tests independent of each other. */
const OWN_ARGS = ["--port=0", "--host=127.0.0.1", "--log-format=json"];
const NO_DATA = "--data=:memory:";

/** The program, running from source in its own process. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly origin: string;
  /** Output so far. */
  output(): string;
  kill(signal: Deno.Signal): void;
  readonly status: Promise<Deno.CommandStatus>;
}

/** How a program exited. */
export interface ProgramEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `main.ts` with these arguments to its end, which must be within 15 s. */
export async function runProgram(
  args: readonly string[],
  { env, keepsData = false }: Omit<ProgramOptions, "command"> = {},
): Promise<ProgramEnd> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "main.ts", ...(keepsData ? [] : [NO_DATA]), ...args],
    env,
    cwd: ROOT,
    stdin: "null",
    signal: AbortSignal.timeout(15_000),
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

export interface ProgramOptions {
  /** The command before the program's own arguments. Default: `main.ts` with all permissions. */
  readonly command?: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether data go to the usual place, which `env` must redirect. Default: no data file. */
  readonly keepsData?: boolean;
}

/** Starts the program on a free loopback port and waits until it listens. */
export async function startProgram(
  args: readonly string[],
  { command = [Deno.execPath(), "run", "-A", "main.ts"], env, keepsData = false }: ProgramOptions =
    {},
): Promise<Program> {
  const [program, ...before] = command;
  const child = new Deno.Command(program, {
    args: [...before, ...OWN_ARGS, ...(keepsData ? [] : [NO_DATA]), ...args],
    env,
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let output = "";
  const listening = Promise.withResolvers<number>();
  const drained = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      output += text;
      const port = /"message":"Listening","port":(\d+)/.exec(output)?.[1];
      if (port) listening.resolve(Number(port));
    }
    listening.reject(new Error(`The program ended before it listened: ${output}`));
  })();
  const patience = setTimeout(() => child.kill("SIGKILL"), 20_000);
  const port = await listening.promise.finally(() => clearTimeout(patience));
  return {
    pid: child.pid,
    port,
    origin: `http://127.0.0.1:${port}`,
    output: () => output,
    kill: (signal) => child.kill(signal),
    status: child.status,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGTERM");
      } catch {
        // The process has exited already.
      }
      await child.status;
      await drained;
    },
  };
}

/** Returns the resident memory of a process. MiB. */
export async function residentMemory(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] })
    .output();
  return Number(new TextDecoder().decode(stdout)) / 1024;
}
