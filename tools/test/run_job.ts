import type { Job } from "./schedule.ts";
import { brokenFiles, type Outcome, readReport } from "./report.ts";

/** Result of a job's process. */
export interface JobResult {
  readonly outcomes: readonly Outcome[];
  /** Files that failed outside any test, for example because a module did not load. */
  readonly broken: readonly string[];
  /** What it printed. */
  readonly output: Uint8Array;
}

const isWindows = Deno.build.os === "windows";

/**
 * The niceness of busy jobs. Beside two others that need the processor too, they get a quarter of it, so
 * that the program starts within seconds; at 10 it was a tenth, and waits of 20 s were not enough.
 */
const BUSY_NICENESS = "5";

/** Process ids of the jobs that run. */
const running = new Set<number>();

/**
 * Runs `deno test` on the job's files.
 *
 * @param coverage Folder for coverage data. Default: none is collected.
 */
export async function runJob(job: Job, coverage?: string): Promise<JobResult> {
  const folder = await Deno.makeTempDir();
  const report = `${folder}/report.xml`;
  const command = [
    ...(job.kind === "busy" && !isWindows ? ["nice", "-n", BUSY_NICENESS] : []),
    ...[Deno.execPath(), "test", "--no-check", "--allow-all", `--junit-path=${report}`],
    ...(coverage === undefined ? [] : [`--coverage=${coverage}`]),
    ...job.files,
  ];
  try {
    const child = new Deno.Command(command[0], {
      args: command.slice(1),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      // Its own process group, which includes what the tests start.
      detached: !isWindows,
      env: Deno.stdout.isTerminal() ? { FORCE_COLOR: "1" } : {},
    }).spawn();
    running.add(child.pid);
    if (job.kind === "busy") await lowerPriority(child.pid);
    const chunks: Uint8Array[] = [];
    const collect = async (stream: ReadableStream<Uint8Array>) => {
      for await (const chunk of stream) chunks.push(chunk);
    };
    const [{ success }] = await Promise.all([
      child.status,
      collect(child.stdout),
      collect(child.stderr),
    ]);
    running.delete(child.pid);
    const xml = await Deno.readTextFile(report).catch(() => "");
    const reported = xml === "" ? [] : readReport(xml);
    // The report names the file that called `Deno.test`, which may be a helper's.
    const [file, ...others] = job.files;
    const outcomes = others.length > 0 ? reported : reported.map((one) => ({ ...one, file }));
    const output = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
    return { outcomes, broken: success ? [] : brokenFiles(job.files, outcomes), output };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Lowers the priority of a whole session. Linux shares the processor among sessions first, if they are
 * groups of its scheduler (`sched(7)`, autogroup); `nice` counts only within each.
 */
async function lowerPriority(session: number): Promise<void> {
  try {
    await Deno.writeTextFile(`/proc/${session}/autogroup`, BUSY_NICENESS, { create: false });
  } catch {
    // There are no such groups here, so that `nice` is enough.
  }
}

/** Ends all jobs that run, and the programs that their tests started. */
export function endJobs(): void {
  for (const pid of running) {
    try {
      Deno.kill(isWindows ? pid : -pid, "SIGTERM");
    } catch {
      // It has just ended.
    }
  }
}
