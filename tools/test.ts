/**
 * Runs the tests of a file or folder, or all but those of the executable and the Debian package:
 *
 *   deno run --allow-all tools/test.ts [--unit] [--coverage=FOLDER] [tests/…]
 *
 * With `--unit` it leaves out tests that need more than Deno. Each file's output appears when it has
 * ended. Tests of the other kind depend on the machine's load: files in which one failed run again,
 * alone. What passes only then is named, and fails the run if the last run of the commit needed it too.
 */
import { parseArgs } from "node:util";
import { testFiles } from "./test/files.ts";
import { type FlakyRecord, recordRun } from "./test/flaky.ts";
import { isUnitTest, jobsFor } from "./test/groups.ts";
import type { Outcome } from "./test/report.ts";
import { endJobs, type JobResult, runJob } from "./test/run_job.ts";
import { type Job, nextJob } from "./test/schedule.ts";
import { passedAtSecondTry, summarize } from "./test/summary.ts";

const FLAKY_RECORD = ".cache/tests/flaky.json";

/** Tests of what other targets of the Makefile build. */
const BUILT = ["tests/compiled/", "tests/package/"];

/** If more files fail than these, the cause is no coincidence. */
const MAX_SECOND_TRIES = 8;

const begun = performance.now();
const { values, positionals } = parseArgs({
  options: { unit: { type: "boolean" }, coverage: { type: "string" } },
  allowPositionals: true,
});
/** Jobs of a kind at once. Unit tests wait at times, and time matters to none of them. */
const LANES = navigator.hardwareConcurrency + (values.unit ? 2 : 0);

Deno.chdir(new URL("../", import.meta.url));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  if (signal === "SIGTERM" && Deno.build.os === "windows") continue;
  Deno.addSignalListener(signal, () => {
    endJobs();
    Deno.exit(signal === "SIGINT" ? 130 : 143);
  });
}

const files = await chosenFiles(positionals);
const results = await runAll(jobsFor(files, LANES));
const again = await runAgain(results);
const outcomes = results.flatMap((result) => result.outcomes);
const flaky = passedAtSecondTry(outcomes, again);
const { text, failed } = summarize({
  outcomes,
  broken: results.flatMap((result) => result.broken),
  flaky,
  repeated: await recordFlaky(outcomes, flaky),
  seconds: (performance.now() - begun) / 1000,
});
write(text);
Deno.exit(failed > 0 ? 1 : 0);

async function chosenFiles(paths: readonly string[]): Promise<string[]> {
  const found = paths.length > 0
    ? await Promise.all(
      paths.map((path) => testFiles(path.replace(/\/$/, "")).catch(notFound(path))),
    )
    : [(await testFiles()).filter((file) => !BUILT.some((folder) => file.startsWith(folder)))];
  const chosen = found.flat().filter((file) => !values.unit || isUnitTest(file));
  if (chosen.length === 0) fail(`There are no tests in ${paths.join(" ")}`);
  return chosen;
}

function notFound(path: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    fail(`Cannot find tests in "${path}"`);
  };
}

function fail(message: string): never {
  Deno.stderr.writeSync(new TextEncoder().encode(`${message}\n`));
  Deno.exit(2);
}

/** Runs the jobs, as many at once as the schedule allows. */
async function runAll(jobs: readonly Job[]): Promise<JobResult[]> {
  const waiting = [...jobs];
  const running = new Map<Job, Promise<void>>();
  const results: JobResult[] = [];
  const run = async (job: Job) => {
    const result = await runJob(job, values.coverage);
    results.push(result);
    running.delete(job);
    write(result.output);
  };
  while (waiting.length + running.size > 0) {
    const job = nextJob(waiting, [...running.keys()], LANES);
    if (job) {
      waiting.splice(waiting.indexOf(job), 1);
      running.set(job, run(job));
    } else await Promise.race(running.values());
  }
  return results;
}

/** Runs files again in which a test that may depend on the machine's load failed. */
async function runAgain(results: readonly JobResult[]): Promise<Outcome[]> {
  const failed = results.flatMap(({ outcomes }) => outcomes)
    .filter(({ result, file }) => result === "failed" && !isUnitTest(file))
    .map(({ file }) => file);
  const files = [...new Set(failed)];
  if (files.length === 0 || files.length > MAX_SECOND_TRIES) return [];
  write(`\nOnce more, alone: ${files.join(" ")}\n`);
  const again = await runAll(files.map((file) => ({ kind: "measuring", files: [file] })));
  return again.flatMap(({ outcomes }) => outcomes);
}

/** Returns those of the flaky tests that were so in the last run of this commit. */
async function recordFlaky(ran: readonly Outcome[], flaky: readonly Outcome[]): Promise<string[]> {
  const nameOf = ({ file, name }: Outcome) => `${file}: ${name}`;
  const { record, repeated } = recordRun(await readFlakyRecord(), {
    commit: await currentCommit(),
    ran: ran.map(nameOf),
    flaky: flaky.map(nameOf),
  });
  await Deno.mkdir(FLAKY_RECORD.replace(/\/[^/]*$/, ""), { recursive: true });
  await Deno.writeTextFile(FLAKY_RECORD, JSON.stringify(record));
  return repeated;
}

async function readFlakyRecord(): Promise<FlakyRecord | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(FLAKY_RECORD));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The commit that is checked out; empty outside a clone. */
async function currentCommit(): Promise<string> {
  try {
    const { stdout } = await new Deno.Command("git", { args: ["rev-parse", "HEAD"] }).output();
    return new TextDecoder().decode(stdout).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function write(text: string | Uint8Array): void {
  let rest = typeof text === "string" ? new TextEncoder().encode(text) : text;
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}
