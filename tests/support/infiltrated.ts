import { Child } from "./child.ts";
import { ADMIN_TOKEN } from "./requests.ts";

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

/** Starts it on a free port, with the usual token, and waits until it listens. */
export async function startInfiltrated(
  { program, args }: Start,
  own: readonly string[],
  folder: string,
  env: Record<string, string>,
): Promise<Infiltrated> {
  const command = [program, ...args, "--port=0", "--host=0.0.0.0"] as const;
  const child = new Child([...command, `--data=${folder}/data/chat.db`, ...own], {
    cwd: folder,
    env: { LIVESTREAM_ADMIN_TOKEN: ADMIN_TOKEN, LIVESTREAM_LOG_FORMAT: "json", ...env },
    stdin: "piped",
    stdout: "piped",
    ending: "SIGTERM",
  });
  const input = child.stdin.getWriter();
  const stop = async () => {
    await child[Symbol.asyncDispose]();
    await input.abort().catch(() => {});
    return await child.status;
  };
  // In JSON logs and in text logs.
  const [, port] = await child.says(/(?:"message":"Listening","port":|http:\/\/localhost:)(\d+)/);
  return {
    pid: child.pid,
    origin: `http://127.0.0.1:${port}`,
    folder,
    output: () => child.output,
    async command(line) {
      const from = child.output.length;
      await input.write(new TextEncoder().encode(`${line}\n`));
      const [, answer] = await child.says(/^intruder: (.*)\n/m, from);
      return JSON.parse(answer);
    },
    kill: (signal) => child.kill(signal),
    stop,
    [Symbol.asyncDispose]: async () => void await stop(),
  };
}
