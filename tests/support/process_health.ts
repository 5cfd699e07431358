/** Resources of a running program, as Linux reports them. */
export interface Health {
  /** Resident memory in MiB. */
  readonly memory: number;
  readonly threads: number;
  /** Transcoder threads, by Deno's name for them. */
  readonly workers: number;
  /** Open file descriptors, sockets included. */
  readonly files: number;
  readonly sockets: number;
  /** Child processes by name, including zombies. */
  readonly children: readonly string[];
  /** Processor time so far. Seconds. */
  readonly cpu: number;
}

/** Clock ticks a second (`getconf CLK_TCK`), the same on every Linux. */
const TICKS = 100;

/** Returns a process's health. Needs Linux and read access to its `/proc`. */
export async function healthOf(pid: number): Promise<Health> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const links = await linksOf(`/proc/${pid}/fd`);
  const names = await namesOf(pid);
  const numberOf = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)![1]);
  // After the name in parentheses: state is the third field, utime and stime the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    memory: numberOf("VmRSS") / 1024,
    threads: numberOf("Threads"),
    workers: names.filter((name) => /^worker-\d+$/.test(name)).length,
    files: links.length,
    sockets: links.filter((link) => link.startsWith("socket:")).length,
    children: await childrenOf(pid),
    cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
  };
}

async function linksOf(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const links = entries.map(({ name }) => Deno.readLink(`${folder}/${name}`).catch(() => null));
  // A descriptor closed meanwhile is not counted.
  return (await Promise.all(links)).filter((link) => link !== null);
}

async function namesOf(pid: number): Promise<string[]> {
  const threads = await Array.fromAsync(Deno.readDir(`/proc/${pid}/task`));
  return await Promise.all(threads.map(async ({ name }) => {
    const text = await Deno.readTextFile(`/proc/${pid}/task/${name}/comm`).catch(() => "");
    return text.trim();
  }));
}

async function childrenOf(pid: number): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "comm=", "--ppid", String(pid)],
  }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((name) => name !== "");
}

/** Returns the resident memory of a process. MiB. */
export async function residentMemory(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] })
    .output();
  return Number(new TextDecoder().decode(stdout)) / 1024;
}

/** Returns the number of open file descriptors of a process, sockets included. */
export async function openFiles(pid: number): Promise<number> {
  return (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length;
}

/** Returns the sizes of a database's file and its write-ahead log. Bytes. */
export async function databaseBytes(path: string): Promise<{ main: number; log: number }> {
  const sizeOf = async (file: string) => (await Deno.stat(file).catch(() => null))?.size ?? 0;
  return { main: await sizeOf(path), log: await sizeOf(`${path}-wal`) };
}
