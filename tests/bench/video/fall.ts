import { setTimeout as delay } from "node:timers/promises";
import { SlowLink } from "../../support/slow_link.ts";
import type { Codec } from "./page_client.ts";
import { withVideoServer } from "./video_server.ts";
import { type Seen, summarize, watchAsPages } from "./watch_as_pages.ts";

/** The session is at its best by then, and what it saw before does not count. Milliseconds. */
const BEFORE_MS = 10_000;
/** The picture is to be in step again this long after the fall. Milliseconds. */
const AFTER_MS = 3000;

/** What a session saw of a link that falls. */
export interface Fallen {
  /** From the fall on. */
  readonly falling: Seen;
  /** From 3 s after the fall on. */
  readonly fallen: Seen;
}

/** Watches over a link that falls from 20 to 1 Mbit/s after 10 s, and stays so for some seconds. */
export async function fall(codec: Codec, seconds: number): Promise<Fallen> {
  return await withVideoServer(async ({ port }) => {
    await using link = await SlowLink.create("20mbit");
    const began = Date.now();
    // The viewer starts a little later than this process counts from.
    const watching = watchAsPages(link, { port, codec, seconds: BEFORE_MS / 1000 + seconds });
    await delay(BEFORE_MS);
    await link.setRate("1mbit");
    const fell = Date.now() - began;
    const { sessions } = await watching;
    const end = sessions[0].at(-1)?.at ?? NaN;
    const started = BEFORE_MS + seconds * 1000 - end;
    const from = fell - Math.max(0, started);
    const size = { to: end, width: 1280 };
    return {
      falling: summarize(sessions, { from, ...size }),
      fallen: summarize(sessions, { from: from + AFTER_MS, ...size }),
    };
  });
}
