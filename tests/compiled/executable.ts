import assert from "node:assert/strict";
import { Child } from "../support/child.ts";
import { until } from "../support/until.ts";

const PATH = Deno.env.get("PATH") ?? "";

/** What the name of a program ends in. */
const SUFFIX = Deno.build.os === "windows" ? ".exe" : "";

export interface Process {
  readonly pid: number;
  readonly program: string;
}

/** The executable, running in an otherwise empty folder. */
export interface Executable extends AsyncDisposable {
  readonly origin: string;
  /** The executable's own folder. */
  readonly folder: string;
  /** Output so far. */
  output(): string;
  kill(signal: Deno.Signal): void;
  /** Returns the exit code. Fails if the process has not ended after this many milliseconds. */
  ended(withinMs: number): Promise<number>;
  /** Returns all its descendant processes. */
  descendants(): Promise<Process[]>;
  /** Returns which of these still run after at most this many milliseconds. */
  survivors(processes: readonly Process[], afterMs: number): Promise<Process[]>;
}

/** Copies the executable into a new, otherwise empty folder. */
async function copyAlone(): Promise<string> {
  const executable = Deno.env.get("TESTED_EXECUTABLE");
  assert(executable, "Set TESTED_EXECUTABLE to what `make compile` made");
  const folder = await Deno.makeTempDir({ prefix: "livestream-" });
  await Deno.copyFile(executable + SUFFIX, `${folder}/livestream${SUFFIX}`);
  return folder;
}

/** Returns what the executable knows of the machine. Its data stays in the folder too. */
function surroundings(folder: string, env: Record<string, string>) {
  return { cwd: folder, clearEnv: true, env: { PATH, ...home(folder), ...env } };
}

/** Returns the variables that lead to a user's data. Windows finds no network without SystemRoot. */
function home(folder: string): Record<string, string> {
  if (Deno.build.os !== "windows") return { HOME: folder };
  return { LOCALAPPDATA: folder, SystemRoot: Deno.env.get("SystemRoot") ?? "" };
}

/** Runs the executable to its end. */
export async function runToEnd(args: readonly string[], env: Record<string, string> = {}) {
  const folder = await copyAlone();
  try {
    const command = new Deno.Command(`${folder}/livestream${SUFFIX}`, {
      args: [...args],
      ...surroundings(folder, env),
      stdin: "null",
    });
    const { code, stdout, stderr } = await command.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Starts the executable on a free port and waits for the addresses it prints.
 *
 * @param tracer A program with arguments that receives the executable's command line and executes
 * it in its own process.
 */
export async function startExecutable(
  args: readonly string[],
  env: Record<string, string> = {},
  tracer: readonly string[] = [],
): Promise<Executable> {
  const folder = await copyAlone();
  const command = [...tracer, `${folder}/livestream${SUFFIX}`, "--port", "0", ...args];
  const child = new Child(command, {
    ...surroundings(folder, env),
    stdout: "piped",
  });
  const dispose = async () => {
    await child[Symbol.asyncDispose]();
    await Deno.remove(folder, { recursive: true });
  };
  try {
    const [origin] = await child.says(/https?:\/\/localhost:\d+/);
    return {
      origin,
      folder,
      output: () => child.output,
      kill: (signal) => child.kill(signal),
      ended: (ms) => endOf(child, ms),
      descendants: () => descendantsOf(child.pid),
      survivors,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function endOf(child: Child, withinMs: number): Promise<number> {
  let code: number | null = null;
  child.status.then((status) => code = status.code);
  const hasEnded = (code: number | null) => code !== null;
  const options = { timeout: withinMs, every: 10 };
  return (await until("the executable to end", () => code, hasEnded, options))!;
}

async function processes(): Promise<(Process & { parent: number })[]> {
  const args = ["-e", "-o", "pid=,ppid=,stat=,comm="];
  const { stdout } = await new Deno.Command("ps", { args }).output();
  return new TextDecoder().decode(stdout).trim().split("\n").flatMap((line) => {
    const [pid, parent, state = "", program = ""] = line.trim().split(/\s+/);
    // A zombie no longer runs.
    return state.startsWith("Z") ? [] : [{ pid: Number(pid), parent: Number(parent), program }];
  });
}

async function descendantsOf(pid: number): Promise<Process[]> {
  const all = await processes();
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent)
      .flatMap(({ pid, program }) => [{ pid, program }, ...below(pid)]);
  return below(pid);
}

async function survivors(before: readonly Process[], afterMs: number): Promise<Process[]> {
  const end = performance.now() + afterMs;
  const look = async () => {
    const now = await processes();
    return before.filter(({ pid, program }) =>
      now.some((one) => one.pid === pid && one.program === program)
    );
  };
  const isEnough = ({ length }: Process[]) => length === 0 || performance.now() > end;
  return await until("their end", look, isEnough, { timeout: Infinity });
}
