import { DOMParser } from "@xmldom/xmldom";

/** Result of one test. Its steps are part of it. */
export interface Outcome {
  /** From the project's folder. */
  readonly file: string;
  readonly name: string;
  /** `cancelled`: its file ended before it did. */
  readonly result: "passed" | "failed" | "skipped" | "cancelled";
  readonly seconds: number;
}

/** Element of a test that did not pass, to its result. */
const RESULTS = { failure: "failed", error: "cancelled", skipped: "skipped" } as const;

/** Reads a report that `deno test --junit-path` wrote. */
export function readReport(xml: string): Outcome[] {
  const document = new DOMParser().parseFromString(xml, "text/xml");
  const cases = [...document.getElementsByTagName("testcase")];
  const nameOf = (test: typeof cases[number]) => test.getAttribute("name") ?? "";
  const names = new Set(cases.map(nameOf));
  return cases.filter((test) => !isStep(nameOf(test), names)).map((test) => {
    const suite = (test.parentNode as typeof test).getAttribute("name") ?? "";
    const [, result = "passed" as const] = Object.entries(RESULTS).find(([tag]) =>
      test.getElementsByTagName(tag).length > 0
    ) ?? [];
    const seconds = Number(test.getAttribute("time"));
    return { file: suite.replace(/^\.\//, ""), name: nameOf(test), result, seconds };
  });
}

/**
 * Whether this is a step of one of the tests, which is reported as "test > step", in the suite of the
 * file that called `t.step`.
 */
function isStep(name: string, names: ReadonlySet<string>): boolean {
  const parts = name.split(" > ");
  return parts.some((_, count) => count > 0 && names.has(parts.slice(0, count).join(" > ")));
}

/**
 * Returns which files of a process that failed did so outside any test: those that did not finish
 * their tests, or all if nothing shows which one it was.
 */
export function brokenFiles(files: readonly string[], outcomes: readonly Outcome[]): string[] {
  const unfinished = files.filter((file) => {
    const own = outcomes.filter((outcome) => outcome.file === file);
    return own.length === 0 || own.some(({ result }) => result === "cancelled");
  });
  if (unfinished.length > 0 || outcomes.some(({ result }) => result === "failed")) {
    return unfinished;
  }
  return [files.join(" ")];
}
