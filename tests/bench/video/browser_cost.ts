import { setTimeout as delay } from "node:timers/promises";
import { CpuMeter, familyOf } from "./cpu_meter.ts";
import { openVideoPage, type Way } from "./video_page.ts";
import { withVideoServer } from "./video_server.ts";

/** The page's modules have loaded and been compiled. Milliseconds. */
const SETTLING_MS = 8000;

export interface BrowserCost {
  /** Cores of all of Chromium's processes. */
  readonly cores: number;
  /** Frames painted a second. */
  readonly fps: number;
  /** The share of the server's reports, twice a second, by which it gave H.264. */
  readonly video: number;
}

/** Measures what a page that shows the stream costs its device. */
export async function browserCost(way: Way, seconds: number): Promise<BrowserCost> {
  return await withVideoServer(async ({ port }) => {
    await using watching = await openVideoPage({ port, way });
    await delay(SETTLING_MS);
    const meter = await CpuMeter.start(() => familyOf(watching.pid));
    const from = Date.now();
    await delay(seconds * 1000);
    const to = Date.now();
    const cores = await meter.cores();
    const painted = await watching.painted();
    const within = ({ at }: { readonly at: number }) => at >= from && at < to;
    const given = watching.given.filter(within);
    return {
      cores,
      fps: painted.filter(within).length / (to - from) * 1000,
      video: given.filter(({ codec }) => codec === "h264").length / given.length,
    };
  });
}
