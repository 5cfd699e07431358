/** The streamer's token, unless the environment sets another. */
export const TOKEN = "token-of-the-streamer";

/** `infiltrated_program.ts`, running. */
export interface Infiltrated extends AsyncDisposable {
  readonly pid: number;
  readonly origin: string;
  readonly folder: string;
  output(): string;
  /** Sends the intruder a command and returns its result. */
  command(line: string): Promise<Record<string, unknown>>;
  kill(signal: Deno.Signal): void;
  stop(): Promise<Deno.CommandStatus>;
}

/** The command that precedes the program's own arguments. */
export interface Start {
  readonly program: string;
  readonly args: readonly string[];
}

/** Starts it on a free port and waits until it listens. */
export async function startInfiltrated(
  { program, args }: Start,
  own: readonly string[],
  folder: string,
  env: Record<string, string>,
): Promise<Infiltrated> {
  const child = new Deno.Command(program, {
    args: [...args, "--port=0", "--host=0.0.0.0", `--data=${folder}/data/chat.db`, ...own],
    cwd: folder,
    env: { LIVESTREAM_ADMIN_TOKEN: TOKEN, LIVESTREAM_LOG_FORMAT: "json", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  let output = "";
  let answered = Promise.withResolvers<string>();
  const listening = Promise.withResolvers<number>();
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      output += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [, answer] = /^intruder: (.*)/.exec(line) ?? [];
        if (answer !== undefined) answered.resolve(answer);
        // In JSON logs and in text logs.
        const [, port] = /(?:"message":"Listening","port":|http:\/\/localhost:)(\d+)/.exec(line) ??
          [];
        if (port !== undefined) listening.resolve(Number(port));
      }
    }
  };
  const drained = Promise.all([read(child.stdout), read(child.stderr)]);
  child.status.then(() => {
    listening.reject(new Error(`It ended at once: ${output}`));
    answered.reject(new Error(`It ended: ${output}`));
  });
  answered.promise.catch(() => {});
  const timer = setTimeout(() => child.kill("SIGKILL"), 120_000);
  const stop = async () => {
    try {
      child.kill("SIGTERM");
    } catch {
      // The process has exited already.
    }
    const status = await child.status;
    clearTimeout(timer);
    await input.abort().catch(() => {});
    await drained;
    return status;
  };
  return {
    pid: child.pid,
    origin: `http://127.0.0.1:${await listening.promise}`,
    folder,
    output: () => output,
    async command(line) {
      answered = Promise.withResolvers();
      await input.write(new TextEncoder().encode(`${line}\n`));
      return JSON.parse(await answered.promise);
    },
    kill: (signal) => child.kill(signal),
    stop,
    [Symbol.asyncDispose]: async () => void await stop(),
  };
}
