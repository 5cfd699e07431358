/**
 * Measures what viewers behind slow links see, compared with µStreamer if installed: a fake camera
 * with 720p30 MJPEG of about 16 Mbit/s, real links made with `tc`, real connections. Prints a
 * Markdown table, and writes a row for each frame to tests/bench/rows/links.csv.
 */
import { setTimeout as delay } from "node:timers/promises";
import { canMakeLinks, SlowLink } from "../support/slow_link.ts";
import { linkFigures, type LinkRow, watchLink } from "../support/watch_link.ts";
import { print, withRival, withServer } from "./servers.ts";

const ROWS = new URL("./rows/links.csv", import.meta.url);
const CAMERA = { quantiser: 9 };
/** Frames before this are not counted. Milliseconds. */
const SETTLE_MS = 3000;

const csv = ["scenario,server,at_ms,age_ms,sequence,quality,bytes"];

function keep(scenario: string, server: string, rows: readonly LinkRow[]): void {
  for (const { at, age, sequence, quality, bytes } of rows) {
    csv.push([scenario, server, at, age, sequence, quality, bytes].join(","));
  }
}

async function steady(rate: string, seconds: number): Promise<void> {
  const watch = async (server: string, port: number) => {
    await using link = await SlowLink.create(rate);
    const rows = await watchLink(link, { port, seconds });
    keep(rate, server, rows);
    const { fps, median, p99, kbps } = linkFigures(rows, SETTLE_MS, seconds * 1000);
    const last = rows.filter(({ at }) => at >= SETTLE_MS);
    const qualities = [...new Set(last.map(({ quality }) => quality))].join(", ");
    const cells = [rate, server, fps.toFixed(1), `${median} / ${p99}`, Math.round(kbps), qualities];
    print(`| ${cells.join(" | ")} |`);
  };
  await withServer(["--host=0.0.0.0"], ({ port }) => watch("this", port), CAMERA);
  await withRival(({ port }) => watch("µStreamer", port), CAMERA);
}

async function falling(): Promise<void> {
  const watch = async (server: string, port: number) => {
    await using link = await SlowLink.create("20mbit");
    const started = performance.now();
    const watching = watchLink(link, { port, seconds: 38 });
    await delay(10_000);
    const fell = performance.now() - started;
    await link.setRate("2mbit");
    await delay(12_000);
    const rose = performance.now() - started;
    await link.setRate("20mbit");
    const rows = await watching;
    keep("20-2-20mbit", server, rows);
    // The viewer's time starts a little later than this process's.
    const late = rows.filter(({ at, age }) => at > fell && at < rose && age > 300).at(-1);
    const full = rows.find(({ at, quality }) => at > rose && quality === "source");
    const fresh = late ? `${((late.at - fell) / 1000).toFixed(1)} s` : "at once";
    const back = full && server === "this" ? `${((full.at - rose) / 1000).toFixed(1)} s` : "";
    const { fps, median } = linkFigures(rows, fell + 2000, rose);
    print(`| ${server} | ${fresh} | ${fps.toFixed(1)} | ${median} | ${back} |`);
  };
  await withServer(["--host=0.0.0.0"], ({ port }) => watch("this", port), CAMERA);
  await withRival(({ port }) => watch("µStreamer", port), CAMERA);
}

async function shared(): Promise<void> {
  const seconds = 25;
  await withServer(["--host=0.0.0.0"], async ({ port }) => {
    await using link = await SlowLink.create("10mbit");
    const both = await Promise.all([1, 2].map(() => watchLink(link, { port, seconds })));
    both.forEach((rows, i) => keep(`10mbit, viewer ${i + 1} of 2`, "this", rows));
    const figures = both.map((rows) => linkFigures(rows, 5000, seconds * 1000));
    for (const { fps, median, p99, kbps } of figures) {
      print(`| ${fps.toFixed(1)} | ${median} / ${p99} | ${Math.round(kbps)} |`);
    }
    const [least, most] = figures.map(({ kbps }) => kbps).sort((a, b) => a - b);
    print(`\nThe larger rate is ${(100 * (most / least - 1)).toFixed(0)} % above the smaller one.`);
  }, CAMERA);
}

if (!await canMakeLinks()) {
  print("Slow links are not measured: that takes root, and iproute2 (ip and tc)");
  Deno.exit(0);
}

print("| link | server | fps | age ms median / p99 | kbit/s | qualities |");
print("| --- | --- | --- | --- | --- | --- |");
for (const rate of ["5mbit", "2mbit", "500kbit"]) await steady(rate, 20);

print("\nA link that falls from 20 to 2 Mbit/s, and rises again:\n");
print(
  "| server | age under 300 ms again after | fps then | age ms then | full quality again after |",
);
print("| --- | --- | --- | --- | --- |");
await falling();

print("\nTwo viewers on one link of 10 Mbit/s:\n");
print("| fps | age ms median / p99 | kbit/s |");
print("| --- | --- | --- |");
await shared();

await Deno.mkdir(new URL("./", ROWS), { recursive: true });
await Deno.writeTextFile(ROWS, csv.join("\n") + "\n");
