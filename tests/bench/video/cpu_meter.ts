/** Clock ticks a second (`getconf CLK_TCK`), the same on every Linux. */
const TICKS = 100;
/** How often processes that started meanwhile are looked for. Milliseconds. */
const EVERY_MS = 500;

/** Measures the processor time of processes that come and go. */
export class CpuMeter {
  readonly #list: () => Promise<readonly number[]>;
  readonly #began = performance.now();
  /** Seconds of each process at first and last. */
  readonly #times = new Map<number, { readonly first: number; last: number }>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #looking: Promise<void> | null = null;

  private constructor(list: () => Promise<readonly number[]>) {
    this.#list = list;
  }

  /** Starts measuring the processes that `list` returns now and later. What they used before does not count. */
  static async start(list: () => Promise<readonly number[]>): Promise<CpuMeter> {
    const meter = new CpuMeter(list);
    for (const pid of await list()) {
      const seconds = await secondsOf(pid);
      if (seconds !== null) meter.#times.set(pid, { first: seconds, last: seconds });
    }
    meter.#timer = setInterval(() => meter.#looking ??= meter.#look(), EVERY_MS);
    return meter;
  }

  /** Returns the mean of the cores used since the start, and ends the measurement. */
  async cores(): Promise<number> {
    clearInterval(this.#timer);
    await this.#looking;
    await this.#look();
    const elapsed = (performance.now() - this.#began) / 1000;
    const used = [...this.#times.values()].reduce((sum, { first, last }) => sum + last - first, 0);
    return used / elapsed;
  }

  async #look(): Promise<void> {
    for (const pid of new Set([...this.#times.keys(), ...await this.#list()])) {
      const seconds = await secondsOf(pid);
      if (seconds === null) continue;
      const known = this.#times.get(pid);
      if (known) known.last = seconds;
      else this.#times.set(pid, { first: 0, last: seconds });
    }
    this.#looking = null;
  }
}

/** Returns a process and all that descend from it. */
export async function familyOf(root: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid=,ppid="] }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  const children = Map.groupBy(
    lines.map((line) => line.trim().split(/\s+/).map(Number)),
    (line) => line[1],
  );
  const family = [root];
  for (const pid of family) family.push(...(children.get(pid) ?? []).map(([child]) => child));
  return family;
}

/** Returns the processor time of a process so far; `null` if it has ended. */
async function secondsOf(pid: number): Promise<number | null> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => null);
  if (stat === null) return null;
  // After the name in parentheses: state is the third field, utime and stime the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
