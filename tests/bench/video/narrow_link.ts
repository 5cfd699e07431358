import { setTimeout as delay } from "node:timers/promises";
import { SlowLink } from "../../support/slow_link.ts";
import { CaptureTimes } from "./capture_times.ts";
import { figuresOf, type PageFigures } from "./page_figures.ts";
import { openVideoPage, type Way } from "./video_page.ts";
import { withVideoServer } from "./video_server.ts";

/** The page has found its rung by then, beside its own modules. Milliseconds. */
const SETTLING_MS = 12_000;

/** Watches with a browser behind a link of this rate. Those that can play H.264 leave the choice to the server. */
export async function narrowLink(rate: string, way: Way, seconds: number): Promise<PageFigures> {
  return await withVideoServer(async ({ port }) => {
    await using link = await SlowLink.create(rate);
    await using times = await CaptureTimes.open(port);
    const codec = way === "JPEG" ? "jpeg" : "auto";
    await using watching = await openVideoPage({ port, way, codec, link });
    await delay(SETTLING_MS);
    const from = Date.now();
    await delay(seconds * 1000);
    const painted = await watching.painted();
    return figuresOf({ painted, given: watching.given }, times, { from, to: Date.now() });
  });
}
