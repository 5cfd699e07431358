import { Child } from "./child.ts";
import { ADMIN_TOKEN } from "./requests.ts";

/** The folder of this project. */
export const ROOT = new URL("../../", import.meta.url).pathname;

/** Touches none of the user's data, and keeps tests independent of each other. */
const OWN_ARGS = ["--port=0", "--host=127.0.0.1", "--log-format=json"];
const NO_DATA = "--data=:memory:";

/** Runs the program with all permissions. */
export const FROM_SOURCE = [Deno.execPath(), "run", "-A", "main.ts"] as const;

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

/** Runs the program with these arguments to its end, which must be within 15 s. */
export async function runProgram(
  args: readonly string[],
  { command = FROM_SOURCE, env, keepsData = false }: ProgramOptions = {},
): Promise<ProgramEnd> {
  const [program, ...before] = command;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...before, ...(keepsData ? [] : [NO_DATA]), ...args],
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

/**
 * Starts the program on a free loopback port and waits until it listens. The streamer's token is
 * {@linkcode ADMIN_TOKEN}, unless `args` or `env` set another.
 */
export async function startProgram(
  args: readonly string[],
  { command = FROM_SOURCE, env, keepsData = false }: ProgramOptions = {},
): Promise<Program> {
  const own = [...OWN_ARGS, ...(keepsData ? [] : [NO_DATA]), ...args];
  const child = new Child([...command, ...own], {
    env: { LIVESTREAM_ADMIN_TOKEN: ADMIN_TOKEN, ...env },
    cwd: ROOT,
    ending: "SIGTERM",
  });
  const dispose = () => child[Symbol.asyncDispose]();
  try {
    const port = Number((await child.says(/"message":"Listening","port":(\d+)/))[1]);
    return {
      pid: child.pid,
      port,
      origin: `http://127.0.0.1:${port}`,
      output: () => child.output,
      kill: (signal) => child.kill(signal),
      status: child.status,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    child.kill("SIGKILL");
    await dispose();
    throw error;
  }
}
