/**
 * Measures the cost of renditions, in milliseconds a frame on one thread: the dct codec,
 * ImageScript, and libjpeg-turbo where `TURBO_SOURCE` can be built. For each clip they take turns,
 * so that other work on the machine slows all of them alike.
 *
 *   deno run -A tests/bench/codec_bench.ts
 */
import { FrameSplitter } from "../../src/producers/ffmpeg/splitter.ts";
import type { LumaPlane } from "../../src/media/luma_plane.ts";
import { type Rendition, SOURCE } from "../../src/media/rendition.ts";
import type { Codec } from "../../src/transcode/codec.ts";
import { DctCodec } from "../../src/transcode/dct_codec.ts";
import { ImageScriptCodec } from "../../src/transcode/imagescript_codec.ts";
import { ffmpeg } from "../support/ffmpeg.ts";

const STREET = new URL("../support/street.mp4", import.meta.url).pathname;
const TURBO_SOURCE = new URL("../../../shared/turbo/turbo.c", import.meta.url).pathname;

const SIZES = [[640, 480], [1280, 720], [1920, 1080]] as const;
const SAMPLINGS = { "4:2:2": "yuvj422p", "4:2:0": "yuvj420p" } as const;
const FRAMES = 40;
/** How often dct handles every frame; ImageScript handles one frame a round. */
const TURNS = 5;

/** EXIF's numbers for orientations. */
const QUARTER_TURN = 6;

const AT_50 = SOURCE.with({ quality: 50 });
const TEN = [10, 20, 30, 35, 40, 45, 50, 55, 60, 70].map((quality) => (AT_50.with({ quality })));

const JOBS = {
  "decode": [],
  "decode + 1 rendition": [AT_50],
  "decode + 2 renditions": [AT_50, AT_50.with({ quality: 40 })],
  "decode + 10 renditions": TEN,
  "decode + half size": [AT_50.with({ scale: 0.5 })],
  "decode + a filter": [AT_50.with({ filter: "contrast" })],
} as const satisfies Record<string, readonly Rendition[]>;

type Job = keyof typeof JOBS;
const JOB_NAMES = Object.keys(JOBS) as Job[];

interface Turbo {
  readonly decode: number;
  readonly encode: number;
}

/** Medians. Milliseconds a frame. */
interface Measured {
  readonly dct: Readonly<Record<Job, number>>;
  readonly imagescript: Readonly<Record<Job, number>>;
  readonly turbo: Turbo | null;
  /** A quarter turn with the dct codec. */
  readonly turned: number;
}

async function measure(clip: string, turbo: string | null): Promise<Measured> {
  const frames = new FrameSplitter().push(await Deno.readFile(clip));
  const dct = new DctCodec();
  const imagescript = new ImageScriptCodec();
  // After some frames both compilers have optimized the hot loops.
  for (let i = 0; i < 4; i++) for (const frame of frames) dct.transcode(frame, TEN.slice(0, 3));
  const times = { dct: noTimes(), imagescript: noTimes() };
  const turned: number[] = [];
  const turbos: Turbo[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    for (const job of JOB_NAMES) {
      for (const frame of frames) times.dct[job].push(await time(dct, frame, JOBS[job]));
    }
    for (const frame of frames) {
      const start = performance.now();
      dct.turn(frame, QUARTER_TURN);
      turned.push(performance.now() - start);
    }
    for (const job of JOB_NAMES) {
      times.imagescript[job].push(await time(imagescript, frames[turn], JOBS[job]));
    }
    if (turbo) turbos.push(await runTurbo(turbo, clip));
  }
  return {
    dct: medians(times.dct),
    imagescript: medians(times.imagescript),
    turbo: turbos.length === 0 ? null : {
      decode: median(turbos.map(({ decode }) => decode)),
      encode: median(turbos.map(({ encode }) => encode)),
    },
    turned: median(turned),
  };
}

let previous: LumaPlane | undefined;

async function time(codec: Codec, frame: Uint8Array<ArrayBuffer>, wanted: readonly Rendition[]) {
  const start = performance.now();
  const made = codec.transcode(frame, wanted, previous);
  previous = (made instanceof Promise ? await made : made).luma;
  return performance.now() - start;
}

function noTimes(): Record<Job, number[]> {
  return Object.fromEntries(JOB_NAMES.map((job) => [job, []])) as unknown as Record<Job, number[]>;
}

function medians(times: Record<Job, number[]>): Record<Job, number> {
  return Object.fromEntries(JOB_NAMES.map((job) => [job, median(times[job])])) as Record<
    Job,
    number
  >;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Returns the built program, or null without its source or library. */
async function buildTurbo(folder: string): Promise<string | null> {
  const program = `${folder}/turbo`;
  const args = ["-O2", "-o", program, TURBO_SOURCE, "-lturbojpeg"];
  const { success } = await new Deno.Command("cc", { args, stderr: "null" }).output();
  return success ? program : null;
}

async function runTurbo(program: string, clip: string): Promise<Turbo> {
  const { stdout } = await new Deno.Command(program, { args: [clip, "50"] }).output();
  const { decode_ms, encode_ms } = JSON.parse(new TextDecoder().decode(stdout));
  return { decode: decode_ms, encode: encode_ms };
}

async function makeClip(folder: string, size: readonly [number, number], pixels: string) {
  const path = `${folder}/${size.join("x")}_${pixels}.mjpeg`;
  const scale = `scale=${size[0]}:${size[1]}:flags=bicubic`;
  const encoder = ["-c:v", "mjpeg", "-huffman", "default", "-pix_fmt", pixels, "-q:v", "4"];
  await ffmpeg(
    ...["-i", STREET, "-vf", scale, "-frames:v", String(FRAMES), ...encoder],
    ...["-f", "mjpeg", path],
  );
  return path;
}

function row(...cells: readonly (string | number)[]): string {
  const texts = cells.map((cell) => typeof cell === "number" ? cell.toFixed(2) : cell);
  return `| ${texts.join(" | ")} |\n`;
}

/** Returns one row of the targets at 1280x720. */
function verdict(what: string, value: number, bound: number, kind: "at most" | "at least") {
  const reached = kind === "at most" ? value <= bound : value >= bound;
  return row(what, value, `${kind} ${bound}`, reached ? "reached" : "not reached");
}

async function write(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir();
  try {
    const turbo = await buildTurbo(folder);
    const further = "each further rendition";
    await write(row("clip", "codec", ...JOB_NAMES, further));
    await write(row(...Array(JOB_NAMES.length + 3).fill("---")));
    const verdicts: string[] = [];
    for (const [sampling, pixels] of Object.entries(SAMPLINGS)) {
      for (const size of SIZES) {
        const clip = `${size.join("x")} ${sampling}`;
        const made = await measure(await makeClip(folder, size, pixels), turbo);
        for (const codec of ["dct", "imagescript"] as const) {
          const figures = made[codec];
          const [one, ten] = [figures["decode + 1 rendition"], figures["decode + 10 renditions"]];
          await write(row(clip, codec, ...JOB_NAMES.map((job) => figures[job]), (ten - one) / 9));
        }
        if (made.turbo) {
          const { decode, encode } = made.turbo;
          const figures = [decode, decode + encode, decode + 2 * encode, decode + 10 * encode];
          await write(row(clip, "libjpeg-turbo", ...figures, "", "", encode));
        }
        if (size[0] !== 1280) continue;
        const [one, ten] = [made.dct["decode + 1 rendition"], made.dct["decode + 10 renditions"]];
        if (made.turbo) {
          const { decode, encode } = made.turbo;
          const ratio = one / (decode + encode);
          verdicts.push(verdict(`${clip}: one / libjpeg-turbo`, ratio, 1, "at most"));
          const alone = made.dct.decode / decode;
          verdicts.push(verdict(`${clip}: decode / libjpeg-turbo`, alone, 1.3, "at most"));
        }
        const slower = made.imagescript["decode + 1 rendition"] / one;
        verdicts.push(verdict(`${clip}: ImageScript / one`, slower, 20, "at least"));
        verdicts.push(verdict(`${clip}: further / first`, (ten - one) / 9 / one, 0.6, "at most"));
        verdicts.push(verdict(`${clip}: ten at once, ms`, ten, 20, "at most"));
        verdicts.push(
          verdict(`${clip}: a quarter turn - one, ms`, made.turned - one, 1, "at most"),
        );
      }
    }
    await write("\n" + row("figure", "measured", "wanted", ""));
    await write(row("---", "---", "---", "---"));
    for (const line of verdicts) await write(line);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
