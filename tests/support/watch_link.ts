const VIEWER = new URL("./link_viewer.ts", import.meta.url).pathname;

/** A link that another program can be run behind. */
export interface Link {
  /** This machine's address behind it. */
  readonly host: string;
  /** Returns the command that runs another one behind the link. */
  command(program: string, ...args: string[]): [string, string[]];
}

export interface WatchOptions {
  readonly port: number;
  /** This machine's address; the link's by default. */
  readonly host?: string;
  readonly seconds: number;
  /** Whether to report what arrives, as the page does. Default: false. */
  readonly isPage?: boolean;
}

/** A frame as received behind a link. */
export interface LinkRow {
  /** Milliseconds since the viewer's start. */
  readonly at: number;
  /** Milliseconds from the camera to the viewer. */
  readonly age: number;
  readonly sequence: number;
  readonly quality: string;
  /** Of the picture. */
  readonly bytes: number;
}

export interface LinkFigures {
  readonly fps: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
  /** Kilobits a second. */
  readonly kbps: number;
}

/** Watches a stream from behind a link for some seconds. */
export async function watchLink(
  link: Link,
  { port, host = link.host, seconds, isPage = false }: WatchOptions,
): Promise<LinkRow[]> {
  const viewer = ["run", "--quiet", "--no-check", "--allow-net", VIEWER];
  const target = [host, String(port), String(seconds), isPage ? "page" : "program"];
  const [command, args] = link.command(Deno.execPath(), ...viewer, ...target);
  const { stdout } = await new Deno.Command(command, { args, stdin: "null" }).output();
  return new TextDecoder().decode(stdout).split("\n").filter(Boolean).map((line) => {
    const [at, age, sequence, quality, bytes] = line.split(" ");
    return {
      at: Number(at),
      age: Number(age),
      sequence: Number(sequence),
      quality,
      bytes: Number(bytes),
    };
  });
}

/** Summarizes what a viewer saw between two times, in milliseconds since the start. */
export function linkFigures(rows: readonly LinkRow[], from: number, to: number): LinkFigures {
  const part = rows.filter(({ at }) => at >= from && at < to);
  const ages = part.map(({ age }) => age).sort((a, b) => a - b);
  const quantile = (share: number) =>
    ages[Math.min(ages.length - 1, Math.floor(share * ages.length))] ?? Infinity;
  const bytes = part.reduce((sum, row) => sum + row.bytes, 0);
  return {
    fps: part.length / (to - from) * 1000,
    median: quantile(0.5),
    p99: quantile(0.99),
    kbps: bytes * 8 / (to - from),
  };
}
