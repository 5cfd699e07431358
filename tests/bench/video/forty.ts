import { SlowLink } from "../../support/slow_link.ts";
import type { Codec } from "./page_client.ts";
import { withVideoServer } from "./video_server.ts";
import { type Seen, summarize, watchAsPages, type Watched } from "./watch_as_pages.ts";

/** Sessions behind the link, as pages of one access point. */
const SESSIONS = 40;
/** Each has found its rung by then. Milliseconds. */
const SETTLING_MS = 15_000;

/** Watches with forty sessions behind one link of 100 Mbit/s. */
export async function forty(codec: Codec, seconds: number): Promise<Seen & Pick<Watched, "cuts">> {
  return await withVideoServer(async ({ port }) => {
    await using link = await SlowLink.create("100mbit");
    const all = SETTLING_MS / 1000 + seconds;
    const { sessions, cuts } = await watchAsPages(link, {
      port,
      codec,
      seconds: all,
      sessions: SESSIONS,
    });
    return { cuts, ...summarize(sessions, { from: SETTLING_MS, to: all * 1000, width: 1280 }) };
  });
}
