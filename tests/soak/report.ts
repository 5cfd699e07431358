import { plot } from "./plot.ts";
import type { SoakRecord } from "./record.ts";
import { summaryOf, type Verdict } from "./verdict.ts";

const FOLDER = new URL("../output/", import.meta.url);

/** Returns a soak's results as Markdown. */
export function report(record: SoakRecord, verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ what, found, allowed, holds }) =>
    `| ${holds ? "" : "**not**"} | ${what} | ${found} | ${allowed} |`
  );
  return [
    ...summaryOf(record).map((line) => `- ${line}`),
    ...record.faults.map(({ name, from, to }) =>
      `- ${name}: ${from.toFixed(1)} to ${to.toFixed(1)} s`
    ),
    "",
    "| holds | | found | allowed |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** Writes the plot and a row for each second. Returns their paths. */
export async function writeRows(record: SoakRecord, name: string): Promise<string[]> {
  await Deno.mkdir(FOLDER, { recursive: true });
  const svg = new URL(`${name}.svg`, FOLDER).pathname;
  const csv = new URL(`${name}.csv`, FOLDER).pathname;
  await Deno.writeTextFile(svg, plot(record));
  await Deno.writeTextFile(csv, rowsOf(record));
  return [svg, csv];
}

function rowsOf({ samples, steady, faults }: SoakRecord): string {
  const names = steady.map(({ name }) => `fps of ${name.replaceAll(",", "")}`);
  const columns = [
    "second",
    "memory MiB",
    "viewers",
    "files",
    "sockets",
    "threads",
    "cpu s",
    "captured fps",
  ];
  const lines = samples.map(
    ({ at, memory, viewers, files, sockets, threads, cpu, captured, fps }) => {
      const fault = faults.find(({ from, to }) => at >= from && at <= to)?.name ?? "";
      const counted = steady.map((_, i) => fps[i] ?? "");
      return [
        at.toFixed(2),
        memory.toFixed(1),
        viewers,
        files,
        sockets,
        threads,
        cpu,
        captured,
        ...counted,
        fault,
      ];
    },
  );
  return [[...columns, ...names, "fault"], ...lines].map((line) => line.join(",") + "\n").join("");
}
