import { cached } from "../support/cache.ts";

/** Results of `mjpegload` for one run. */
export interface LoadResult {
  readonly viewers: number;
  readonly lost: number;
  readonly fps: { readonly min: number; readonly median: number; readonly max: number };
  /** Megabytes a second of all viewers together. */
  readonly MBps: number;
  /** Age of a frame on arrival in milliseconds; -1 if frames carry no time. */
  readonly age_ms: { readonly median: number; readonly p99: number };
  readonly frame_bytes: number;
  /** Processor cores used by the measured processes. */
  readonly cpu_cores: number;
  readonly peak_rss_kb: number;
}

export interface LoadOptions {
  readonly port: number;
  readonly path: string;
  readonly viewers: number;
  readonly seconds: number;
  /** Viewers that read almost nothing. */
  readonly slow?: number;
  /** The server's process, whose processor time and memory are measured. */
  readonly pid?: number;
}

const SOURCE = new URL("../../../shared/mjpegload/mjpegload.c", import.meta.url);

/** Builds the load program. Returns `null` if its source is not beside the project. */
export async function buildLoad(): Promise<string | null> {
  try {
    await Deno.stat(SOURCE);
  } catch {
    return null;
  }
  return await cached("mjpegload", async (path) => {
    const args = ["-O2", "-w", "-o", path, SOURCE.pathname];
    const { success } = await new Deno.Command("cc", { args }).output();
    if (!success) throw new Error("Cannot build mjpegload");
  });
}

/** Watches a stream with many viewers for some seconds, after one second that is not counted. */
export async function load(program: string, options: LoadOptions): Promise<LoadResult> {
  const { port, path, viewers, seconds, slow = 0, pid } = options;
  const flags = [...(pid ? ["-p", String(pid)] : []), ...(slow ? ["-s", String(slow)] : [])];
  const target = ["127.0.0.1", String(port), path, String(viewers), String(seconds)];
  const { stdout } = await new Deno.Command(program, { args: [...flags, ...target] }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}
