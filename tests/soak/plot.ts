import type { SoakRecord } from "./record.ts";
import { median } from "./statistics.ts";

const WIDTH = 900;
const LEFT = 64;
const RIGHT = WIDTH - 16;
const PANEL_HEIGHT = 130;
const PANEL_STEP = 178;
const TOP = 82;

/** Legible on light and dark pages: an embedded image follows its reader's preference. */
const STYLE = `
  svg { --ground: #ffffff; --ink: #24292f; --faint: #d0d7de; --muted: #57606a;
    --fault: #cf222e; --one: #0969da; --two: #bc4c00; --three: #1a7f37; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #e6edf3; --faint: #30363d; --muted: #9198a1;
      --fault: #ff7b72; --one: #58a6ff; --two: #ffa657; --three: #56d364; }
  }
  text { font: 13px system-ui, sans-serif; fill: var(--ink); }
  .ground { fill: var(--ground); }
  .title { font-weight: 600; }
  .small { font-size: 11px; fill: var(--muted); }
  .mark { font-size: 11px; fill: var(--fault); }
  .grid { stroke: var(--faint); }
  .fault { fill: var(--fault); opacity: 0.16; }
  .absent { fill: var(--faint); opacity: 0.5; }
  .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; }`;

interface Line {
  readonly name: string;
  readonly colour: "one" | "two" | "three";
  readonly points: readonly (readonly [at: number, value: number])[];
}

interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

/** Returns an SVG of memory, frames a second and viewers over a soak, with its faults. */
export function plot(record: SoakRecord): string {
  const { samples, watched } = record;
  const end = samples.at(-1)?.at ?? 1;
  const x = (at: number) => LEFT + (RIGHT - LEFT) * at / end;
  const crowded = samples.filter(({ at, fps }) => fps.length > 0 && at >= watched.from + 1.5)
    .filter(({ at }) => at <= watched.to);
  const panels: Panel[] = [
    {
      title: "Memory, MiB",
      lines: [line("resident", "one", samples.map(({ at, memory }) => [at, memory]))],
    },
    {
      title: "Frames a second of the steady viewers",
      lines: [
        line(
          "High, Medium, Gaming (median)",
          "one",
          crowded.map(({ at, fps }) => {
            return [at, median(fps.filter((_, i) => record.steady[i].fps === 30))];
          }),
        ),
        line(
          "asked for 10",
          "two",
          crowded.map(({ at, fps }) => {
            return [at, median(fps.filter((_, i) => record.steady[i].fps === 10))];
          }),
        ),
      ],
    },
    {
      title: "Viewers, and open files",
      lines: [
        line("viewers", "one", samples.map(({ at, viewers }) => [at, viewers])),
        line("files", "three", samples.map(({ at, files }) => [at, files])),
      ],
    },
  ];
  const height = TOP + panels.length * PANEL_STEP;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${describe(record)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="16" y="26">${describe(record)}</text>`,
    `<text class="mark" x="16" y="46">${explain(record)}</text>`,
    ...panels.map((panel, i) => draw(panel, TOP + i * PANEL_STEP, { record, end, x })),
    "</svg>",
    "",
  ].join("\n");
}

function line(name: string, colour: Line["colour"], points: Line["points"]): Line {
  return { name, colour, points };
}

function describe({ seconds, tally, faults }: SoakRecord): string {
  const visits = [...tally].filter(([name]) => name.startsWith("visit: "))
    .reduce((sum, [, count]) => sum + count, 0);
  const minutes = Math.round(seconds / 6) / 10;
  return `${visits} visitors and ${faults.length} faults in ${minutes} min`;
}

function explain({ faults }: SoakRecord): string {
  const names = new Set(faults.map(({ name }) => name));
  return `Shaded: broken on purpose, until all was well again (${[...names].join(", ")})`;
}

interface Scene {
  readonly record: SoakRecord;
  /** Seconds. */
  readonly end: number;
  readonly x: (at: number) => number;
}

function draw({ title, lines }: Panel, top: number, { record, end, x }: Scene): string {
  const highest = Math.max(1, ...lines.flatMap(({ points }) => points.map(([, value]) => value)));
  const step = roundStep(highest / 4);
  const limit = step * Math.ceil(highest / step);
  const bottom = top + PANEL_HEIGHT;
  const y = (value: number) => bottom - PANEL_HEIGHT * value / limit;
  const parts: string[] = [];
  parts.push(`<text x="${LEFT}" y="${top - 10}">${title}</text>`);
  let legend = RIGHT;
  for (const { name, colour } of lines.length > 1 ? lines.toReversed() : []) {
    parts.push(
      `<text class="small" x="${legend}" y="${top - 10}" text-anchor="end">` +
        `<tspan style="fill: var(--${colour})">■</tspan> ${name}</text>`,
    );
    legend -= 7 * name.length + 24;
  }
  for (let value = 0; value <= limit; value += step) {
    const at = y(value).toFixed(1);
    parts.push(`<path class="grid" d="M${LEFT} ${at}H${RIGHT}"/>`);
    parts.push(
      `<text class="small" x="${LEFT - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
    );
  }
  for (const { name, from, to } of record.faults) {
    const left = x(from), width = Math.max(1, x(Math.min(to, end)) - left);
    parts.push(
      `<rect class="fault" x="${left.toFixed(1)}" y="${top}" width="${width.toFixed(1)}" ` +
        `height="${PANEL_HEIGHT}"><title>${name}</title></rect>`,
    );
  }
  for (const { colour, points } of lines) {
    const path = points.map(([at, value], i) =>
      `${i === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`
    );
    parts.push(`<path class="line" style="stroke: var(--${colour})" d="${path.join("")}"/>`);
  }
  const tick = end > 240 ? 60 : end > 100 ? 30 : 10;
  for (let at = 0; at <= end; at += tick) {
    const label = tick === 60 ? `${at / 60} min` : `${at} s`;
    parts.push(
      `<text class="small" x="${x(at).toFixed(1)}" y="${bottom + 16}" text-anchor="middle">` +
        `${label}</text>`,
    );
  }
  return parts.join("\n");
}

/** Returns the next larger of 1, 2, 5, 10, 20, 50 … */
function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= value)!;
}
