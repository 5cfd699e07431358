import assert from "node:assert/strict";

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

function command(
  folder: string,
  args: readonly string[],
  env: Record<string, string>,
  tracer: readonly string[] = [],
) {
  const [program, ...rest] = [...tracer, `${folder}/livestream${SUFFIX}`, ...args];
  return new Deno.Command(program!, {
    args: rest,
    cwd: folder,
    clearEnv: true,
    // Its data stays in the folder too.
    env: { PATH, ...home(folder), ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
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
    const { code, stdout, stderr } = await command(folder, args, env).output();
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
  const child = command(folder, ["--port", "0", ...args], env, tracer).spawn();
  let output = "";
  const listening = Promise.withResolvers<string>();
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      output += text;
      const origin = /https?:\/\/localhost:\d+/.exec(output)?.[0];
      if (origin) listening.resolve(origin);
    }
  };
  const drained = Promise.all([read(child.stdout), read(child.stderr)]);
  const dispose = async () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // The process has exited already.
    }
    await child.status;
    await drained;
    await Deno.remove(folder, { recursive: true });
  };
  child.status.then(() => listening.reject(new Error(`It ended at once: ${output}`)));
  try {
    const origin = await within(30_000, listening.promise, () => `No address: ${output}`);
    return {
      origin,
      folder,
      output: () => output,
      kill: (signal) => child.kill(signal),
      ended: async (ms) => (await within(ms, child.status, () => `Still running: ${output}`)).code,
      descendants: () => descendantsOf(child.pid),
      survivors,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function within<T>(ms: number, promise: Promise<T>, problem: () => string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(problem())), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
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
  const deadline = Date.now() + afterMs;
  while (true) {
    const now = await processes();
    const alive = before.filter(({ pid, program }) =>
      now.some((one) => one.pid === pid && one.program === program)
    );
    if (alive.length === 0 || Date.now() > deadline) return alive;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
