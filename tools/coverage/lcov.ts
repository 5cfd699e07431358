/** How many lines of a file with code ran. */
export interface FileCoverage {
  readonly path: string;
  /** Lines with code. */
  readonly found: number;
  /** Lines that ran. */
  readonly hit: number;
}

/** The same of all files in a folder, those in its folders included. */
export interface FolderCoverage {
  readonly folder: string;
  readonly found: number;
  readonly hit: number;
}

/** Reads a report in lcov's format (`geninfo(1)`). */
export function readLcov(text: string): FileCoverage[] {
  return text.split("end_of_record").slice(0, -1).map((record) => {
    const field = (name: string) => new RegExp(`^${name}:(.*)$`, "m").exec(record)?.[1] ?? "";
    return { path: field("SF"), found: Number(field("LF")), hit: Number(field("LH")) };
  });
}

/** Adds files up by their first two folders, such as `src/http`, and all of them as `total`. */
export function coverageByFolder(files: readonly FileCoverage[]): FolderCoverage[] {
  const sums = new Map<string, { found: number; hit: number }>();
  const add = (folder: string, { found, hit }: FileCoverage) => {
    const sum = sums.get(folder) ?? { found: 0, hit: 0 };
    sums.set(folder, { found: sum.found + found, hit: sum.hit + hit });
  };
  for (const file of files) {
    add(file.path.split("/").slice(0, -1).slice(0, 2).join("/") || ".", file);
  }
  const folders = [...sums].sort(([a], [b]) => a < b ? -1 : 1);
  for (const file of files) add("total", file);
  return [...folders, ["total", sums.get("total") ?? { found: 0, hit: 0 }] as const]
    .map(([folder, sum]) => ({ folder, ...sum }));
}
