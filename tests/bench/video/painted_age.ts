import { setTimeout as delay } from "node:timers/promises";
import { CaptureTimes } from "./capture_times.ts";
import { figuresOf, type PageFigures } from "./page_figures.ts";
import { openVideoPage, type Way } from "./video_page.ts";
import { withVideoServer } from "./video_server.ts";

/** The page's modules have loaded, and the picture is what it stays. Milliseconds. */
const SETTLING_MS = 5000;

export interface PaintedAge extends PageFigures {
  /** From the request of the stream to the first picture. Milliseconds; `NaN` if the browser did not say. */
  readonly join: number;
  /** From the first byte of the stream to the first picture. Milliseconds; likewise. */
  readonly first: number;
}

/** Measures how old pictures are when a page on loopback paints them. */
export async function paintedAge(way: Way, seconds: number): Promise<PaintedAge> {
  return await withVideoServer(async ({ port }) => {
    await using times = await CaptureTimes.open(port);
    await using watching = await openVideoPage({ port, way });
    await delay(SETTLING_MS);
    const from = Date.now();
    await delay(seconds * 1000);
    const painted = await watching.painted();
    const { given, begun } = watching;
    return {
      ...figuresOf({ painted, given }, times, { from, to: Date.now() }),
      join: painted[0].at - begun.stream,
      first: painted[0].at - begun.response,
    };
  });
}
