import { setTimeout as delay } from "node:timers/promises";
import type { StudioState } from "../../../src/live_messages.ts";
import { ADMIN_TOKEN } from "../../support/requests.ts";
import type { Program } from "../../support/program.ts";
import { CpuMeter } from "../video/cpu_meter.ts";
import { quantiles } from "../video/quantiles.ts";
import { withVideoServer } from "../video/video_server.ts";

/** How the server keeps the past. `tight` has room for so little that it makes every older frame smaller. */
export const RINGS = {
  off: ["--rewind=off"],
  "as they came": ["--rewind=5m"],
  tight: ["--rewind=5m", "--rewind-size=35mb"],
  file: ["--rewind=5m", "--rewind-size=500mb", `--rewind-file=${await Deno.makeTempDir()}/past`],
} as const;

/** One of {@linkcode RINGS}. */
export type RingName = keyof typeof RINGS;

export interface RingFigures {
  /** Cores of the server, without ffmpeg. Median of the rounds. */
  readonly cores: number;
  /** Bytes that are kept at the end. */
  readonly bytes: number;
  /** How many that is for each minute that viewers can go back. */
  readonly minute: number;
}

/** The rings take turns so often, so that other work on the machine slows all of them alike. */
const ROUNDS = 3;

/** After so long, frames are old enough to be made smaller, and the bytes are scarce. Milliseconds. */
const WARM_UP_MS = 14_000;

/** Measures a server whose camera films the street at 1280x720, 30 frames a second, without viewers. */
export async function ringCost(seconds: number): Promise<Record<RingName, RingFigures>> {
  const names = Object.keys(RINGS) as RingName[];
  const rounds = new Map<RingName, RingFigures[]>(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      const figures = await withVideoServer((program) => measure(program, seconds), {
        args: ["--h264=off", `--admin-token=${ADMIN_TOKEN}`, ...RINGS[name]],
      });
      rounds.get(name)!.push(figures);
    }
  }
  const median = (of: RingFigures[], member: keyof RingFigures) =>
    quantiles(of.map((figures) => figures[member])).median;
  return Object.fromEntries(
    [...rounds].map(([name, of]) => [name, {
      cores: median(of, "cores"),
      bytes: median(of, "bytes"),
      minute: median(of, "minute"),
    }]),
  ) as Record<RingName, RingFigures>;
}

async function measure(program: Program, seconds: number): Promise<RingFigures> {
  const beganAt = Date.now();
  await delay(WARM_UP_MS);
  const meter = await CpuMeter.start(() => Promise.resolve([program.pid]));
  await delay(seconds * 1000);
  const cores = await meter.cores();
  const { rewind } = await studioState(program);
  const bytes = rewind?.bytes ?? 0;
  return { cores, bytes, minute: bytes / ((Date.now() - beganAt) / 60_000) };
}

async function studioState(program: Program): Promise<StudioState> {
  const response = await fetch(`http://127.0.0.1:${program.port}/admin/state`, {
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  return await response.json();
}
