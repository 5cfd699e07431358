import { childrenRunning } from "../../support/children_running.ts";
import { buildLoad, load } from "../load.ts";
import { CpuMeter } from "./cpu_meter.ts";
import { ENCODES } from "./encoder_delay.ts";
import { withVideoServer } from "./video_server.ts";

const PROCESSES = 4;
const SESSIONS = 250;

export interface ThousandFigures {
  /** Cores of the server alone. */
  readonly cores: number;
  /** Cores of the encoder. */
  readonly encoder: number;
  /** Frames a second of the slowest session, and of the median of the slowest process. */
  readonly fps: { readonly min: number; readonly median: number };
  /** Milliseconds. */
  readonly age: { readonly median: number; readonly p99: number };
  /** Megabits a second of one session. */
  readonly mbps: number;
  /** Sessions that did not last. */
  readonly lost: number;
}

/** Watches with a thousand sessions that acknowledge nothing but by their kernel; `null` without a load program. */
export async function thousand(query: string, seconds: number): Promise<ThousandFigures | null> {
  const program = await buildLoad();
  if (!program) return null;
  return await withVideoServer(async ({ port, pid }) => {
    const options = { port, path: `/stream?${query}`, viewers: SESSIONS, seconds };
    const loads = Promise.all(
      Array.from(
        { length: PROCESSES },
        (_, i) => load(program, { ...options, ...(!i && { pid }) }),
      ),
    );
    const encoder = await CpuMeter.start(async () => await childrenRunning(pid, ENCODES));
    const results = await loads;
    const least = (values: readonly number[]) => Math.min(...values);
    const most = (values: readonly number[]) => Math.max(...values);
    const megabytes = results.reduce((sum, { MBps }) => sum + MBps, 0);
    return {
      cores: results[0].cpu_cores,
      encoder: await encoder.cores(),
      fps: {
        min: least(results.map(({ fps }) => fps.min)),
        median: least(results.map(({ fps }) => fps.median)),
      },
      age: {
        median: most(results.map(({ age_ms }) => age_ms.median)),
        p99: most(results.map(({ age_ms }) => age_ms.p99)),
      },
      mbps: megabytes * 8 / PROCESSES / SESSIONS,
      lost: results.reduce((sum, { lost }) => sum + lost, 0),
    };
  });
}
