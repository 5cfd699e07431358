import { until } from "./until.ts";

export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the child gets these variables only. */
  readonly clearEnv?: boolean;
  readonly stdin?: "piped" | "null";
  /** Default: `null`. */
  readonly stdout?: "piped" | "null";
  /** The signal that ends it on disposal. Default: SIGKILL. */
  readonly ending?: Deno.Signal;
}

/** A running program whose output is kept. */
export class Child implements AsyncDisposable {
  readonly pid: number;
  /** How the program ended. */
  readonly status: Promise<Deno.CommandStatus>;
  readonly #process: Deno.ChildProcess;
  readonly #ending: Deno.Signal;
  readonly #drained: Promise<unknown>;
  #output = "";
  #isOver = false;

  constructor([program, ...args]: readonly string[], options: ChildOptions) {
    const { stdin = "null", stdout = "null", ending = "SIGKILL", ...rest } = options;
    const process = new Deno.Command(program, { args, stdin, stdout, stderr: "piped", ...rest })
      .spawn();
    this.pid = process.pid;
    this.status = process.status;
    this.#process = process;
    this.#ending = ending;
    this.#drained = Promise.all([
      this.#read(process.stderr),
      ...(stdout === "piped" ? [this.#read(process.stdout)] : []),
    ]).then(() => this.#isOver = true);
  }

  /** Output so far, of both kinds where both are piped. */
  get output(): string {
    return this.#output;
  }

  get stdin(): WritableStream<Uint8Array<ArrayBuffer>> {
    return this.#process.stdin;
  }

  /**
   * Waits for output, and returns the match.
   *
   * @param from Length of the output before it.
   * @throws {Error} The program ended without it, or it takes longer than 20 s.
   */
  async says(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    const ask = () => {
      const isOver = this.#isOver;
      const match = pattern.exec(this.#output.slice(from));
      if (!match && isOver) throw new Error(`It ended without ${pattern}: ${this.#output}`);
      return match ?? this.#output;
    };
    const found = (match: RegExpExecArray | string) => typeof match !== "string";
    const match = await until(`${pattern}`, ask, found, { timeout: 20_000, every: 10 });
    return match as RegExpExecArray;
  }

  kill(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  async #read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#output += text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.kill(this.#ending);
    } catch {
      // The process has exited already.
    }
    await this.status;
    await this.#drained;
  }
}
