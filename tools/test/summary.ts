import type { Outcome } from "./report.ts";

/** How many of the slowest files are named. */
const SLOWEST = 10;

/** What a run came to. */
export interface Run {
  /** Of the first try of each test. */
  readonly outcomes: readonly Outcome[];
  /** Files that failed outside any test. */
  readonly broken: readonly string[];
  /** Tests that passed at the second try. */
  readonly flaky: readonly Outcome[];
  /** Those that needed one in the last run as well, by file and name. */
  readonly repeated: readonly string[];
  readonly seconds: number;
}

/** Returns the tests that failed first and passed when their file ran again. */
export function passedAtSecondTry(
  first: readonly Outcome[],
  second: readonly Outcome[],
): Outcome[] {
  const passes = ({ file, name }: Outcome) =>
    second.some((other) => other.file === file && other.name === name && other.result === "passed");
  return first.filter((outcome) => outcome.result === "failed" && passes(outcome));
}

/** Returns the text that ends a run, its last line such as "12 passed, 0 failed", and that number. */
export function summarize(run: Run): { text: string; failed: number } {
  const nameOf = ({ file, name }: Outcome) => `${file}: ${name}`;
  const failures = [
    ...run.outcomes.filter((test) => test.result === "failed" && !run.flaky.includes(test)).map(
      nameOf,
    ),
    ...run.broken,
    ...run.repeated,
  ];
  const passed = run.outcomes.filter(({ result }) => result === "passed").length +
    run.flaky.length -
    run.repeated.length;
  const skipped = run.outcomes.filter(({ result }) => result === "skipped").map(({ name }) => name);
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [title, ...items.map((item) => `  ${item}`)];
  const lines = [
    ...list("Slowest files:", slowestFiles(run.outcomes)),
    ...list("Skipped:", skipped),
    ...list(
      `Failed at first, passed when run alone (flaky: ${run.flaky.length}):`,
      run.flaky.map(nameOf),
    ),
    ...list("Flaky in the last run of this commit too, so they fail:", run.repeated),
    ...list("Failed:", failures),
    `${run.seconds.toFixed(0)} s in all`,
    `${passed} passed, ${failures.length} failed`,
  ];
  return { text: `\n${lines.join("\n")}\n`, failed: failures.length };
}

function slowestFiles(outcomes: readonly Outcome[]): string[] {
  const seconds = new Map<string, number>();
  for (const outcome of outcomes) {
    seconds.set(outcome.file, (seconds.get(outcome.file) ?? 0) + outcome.seconds);
  }
  return [...seconds].sort(([, a], [, b]) => b - a).slice(0, SLOWEST)
    .map(([file, time]) => `${time.toFixed(1).padStart(6)} s  ${file}`);
}
