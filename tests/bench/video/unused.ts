import { childrenRunning } from "../../support/children_running.ts";
import { buildLoad, load } from "../load.ts";
import { ENCODES } from "./encoder_delay.ts";
import { withVideoServer } from "./video_server.ts";

export interface UnusedFigures {
  /** Cores of the server. */
  readonly cores: number;
  /** Its peak. MiB. */
  readonly memory: number;
  /** Of a viewer's JPEGs on arrival. Milliseconds. */
  readonly age: { readonly median: number; readonly p99: number };
  /** Encoders that run. */
  readonly encoders: number;
}

/** Measures the server with one viewer of JPEG; `null` without a load program. */
export async function unused(
  h264: "auto" | "off",
  seconds: number,
): Promise<UnusedFigures | null> {
  const program = await buildLoad();
  if (!program) return null;
  return await withVideoServer(async ({ port, pid }) => {
    const { cpu_cores, peak_rss_kb, age_ms } = await load(program, {
      ...{ port, pid, path: "/stream", viewers: 1, seconds },
    });
    const encoders = await childrenRunning(pid, ENCODES);
    return {
      cores: cpu_cores,
      memory: peak_rss_kb / 1024,
      age: age_ms,
      encoders: encoders.length,
    };
  }, { args: [`--h264=${h264}`] });
}
