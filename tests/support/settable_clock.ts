import { cached } from "./cache.ts";

const SOURCE = new URL("./settable_clock.c", import.meta.url);

/** The wall time of programs started with its environment. Only on Linux. */
export class SettableClock implements AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
  readonly #path: string;

  private constructor(library: string, path: string) {
    this.environment = { LD_PRELOAD: library, CLOCK_OFFSET: path };
    this.#path = path;
  }

  static async create(): Promise<SettableClock> {
    const path = await Deno.makeTempFile({ prefix: "clock_" });
    const clock = new SettableClock(await buildLibrary(), path);
    await clock.set(0);
    return clock;
  }

  /** Sets the offset from real time in seconds, effective at once. */
  async set(seconds: number): Promise<void> {
    // Written in place, because the programs map the file into memory.
    using file = await Deno.open(this.#path, { write: true });
    await file.write(new Uint8Array(BigInt64Array.of(BigInt(seconds)).buffer));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#path);
  }
}

async function buildLibrary(): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(SOURCE));
  const name = new Uint8Array(digest).subarray(0, 6).toHex();
  return await cached(`settable-clock-${name}.so`, async (path) => {
    const { success, stderr } = await new Deno.Command("cc", {
      args: ["-O2", "-shared", "-fPIC", "-o", path, SOURCE.pathname, "-ldl"],
      stderr: "piped",
    }).output();
    if (!success) throw new Error(`Cannot build the clock: ${new TextDecoder().decode(stderr)}`);
  });
}
