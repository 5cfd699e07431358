import type { Chat } from "../../channel/chat.ts";
import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { Hls } from "../../consumers/hls/hls.ts";
import type { HlsRendition } from "../../consumers/hls/rendition.ts";
import { hlsCaching, hlsType } from "../../consumers/hls/store.ts";
import type { ChannelCard, ChannelState } from "../../live_messages.ts";
import type { Call } from "../call.ts";
import { type Language, textValues } from "../pages/page_texts.ts";
import { fillIn } from "../pages/template.ts";
import { HttpProblem } from "../problem.ts";
import { seeOther } from "../relative_path.ts";
import type { Handlers } from "../route.ts";

/** The first request waits so long for a segment: encoders have to start. Milliseconds. */
const START_MS = 10_000;

/** A request for what comes next waits so long: three target durations (RFC 8216bis section 6.2.5.2). Milliseconds. */
const NEXT_MS = 3_000;

/** A request may wait for a segment so far ahead of the newest one. */
const MAX_AHEAD = 2;

/** What the page shows is made no more often. Milliseconds. */
const CARD_MS = 1_000;

/** Messages that the page shows. */
const MESSAGES = 50;

/** Of what changes. */
const BRIEF = hlsCaching(".m3u8");

/** What there is not must be asked for again soon, and may be by many. */
const GONE = { "cache-control": BRIEF };

/** What the page of HLS shows. */
export interface HlsPageParts {
  /** Its template. */
  readonly page: string;
  /** Languages of its texts, English first. */
  readonly languages: readonly [english: Language, ...others: Language[]];
  /** Returns how the channel is. */
  readonly channelState: () => ChannelState;
  /** Its chat. */
  readonly chat: Pick<Chat, "newest">;
  /** The clock; a test gives its own. */
  readonly clock?: Clock;
}

/**
 * `/hls/` and what is below: the program as HLS, and a page that plays it. Everything is the same for all viewers, so that caches may
 * keep it and give it to others.
 */
export function hlsRoutes(
  hls: Hls | null,
  parts: HlsPageParts,
): Readonly<Record<string, Handlers>> {
  const page = fillIn(parts.page, {
    text: {
      ...textValues(parts.languages[0].texts),
      languages: parts.languages.map(({ tag }) => tag).join(" "),
    },
    html: {},
  });
  const card = channelCard(parts);
  return {
    "/hls": {
      GET(call) {
        required(hls);
        return seeOther(call, "/hls/");
      },
    },
    "/hls/": {
      GET() {
        required(hls);
        const { title, onAir } = parts.channelState();
        const text = { title, onAir: String(onAir) };
        return new Response(fillIn(page, { text, html: {} }), {
          headers: { "content-type": "text/html; charset=utf-8", "cache-control": BRIEF },
        });
      },
    },
    "/hls/channel.json": {
      GET() {
        required(hls);
        return new Response(card(), {
          headers: { "content-type": "application/json", "cache-control": BRIEF },
        });
      },
    },
    "/hls/live.m3u8": {
      async GET() {
        const running = await started(hls);
        return new Response(running.multivariant, { headers: playlistHeaders() });
      },
    },
    "/hls/{file}": {
      async GET(call) {
        const name = call.url.pathname.slice("/hls/".length);
        const [, playlist] = /^(\w+)\.m3u8$/.exec(name) ?? [];
        if (playlist === undefined) return await file(hls, name);
        const rendition = hls?.renditions.find((one) => one.name === playlist);
        if (!hls || !rendition) throw gone();
        await started(hls);
        await reached(hls, rendition, call);
        // An empty playlist after a new start would begin to count at 0 again.
        if (rendition.window.count === 0) throw noVideo(hls);
        // A cache that answers for a second can hold no request back until there is a new part.
        const hasParts = call.url.searchParams.get("parts") !== "no";
        const bytes = hasParts ? rendition.playlist : rendition.plainPlaylist;
        return new Response(bytes, { headers: playlistHeaders() });
      },
    },
  };
}

/** Answers with a segment, a part or an initialization; waits for the part that comes next. */
async function file(hls: Hls | null, name: string): Promise<Response> {
  const rendition = hls?.renditions.find(({ names }) => names.read(name) !== null);
  if (!hls || !rendition) throw gone();
  if (hls.isRunning) hls.use();
  if (rendition.isNext(name)) await hls.until(() => rendition.file(name) !== null, NEXT_MS);
  const bytes = rendition.file(name);
  if (bytes === null) throw gone();
  return new Response(bytes, {
    headers: { "content-type": hlsType(name), "cache-control": hlsCaching(name) },
  });
}

function required(hls: Hls | null): Hls {
  if (!hls) throw new HttpProblem(404, "Start the program with --hls to have this", GONE);
  return hls;
}

/** Returns what gives the JSON of a {@linkcode ChannelCard}, made once a second at most. */
function channelCard({ channelState, chat, clock = SYSTEM_CLOCK }: HlsPageParts): () => string {
  let madeAt = -Infinity;
  let json = "";
  return () => {
    const now = clock.monotonic();
    if (now - madeAt < CARD_MS) return json;
    madeAt = now;
    const { title, onAir, live, viewers } = channelState();
    const newest = chat.newest().chat.slice(-MESSAGES);
    const card: ChannelCard = { at: clock.wall(), title, onAir, live, viewers, chat: newest };
    return json = JSON.stringify(card);
  };
}

/** Resolves when players can begin. */
async function started(asked: Hls | null): Promise<Hls> {
  const hls = required(asked);
  hls.use();
  await hls.until(() => hls.isReady || !hls.isPossible, START_MS);
  if (hls.renditions.some(({ window }) => window.count > 0)) return hls;
  throw noVideo(hls);
}

function noVideo({ problem }: Hls): HttpProblem {
  return new HttpProblem(503, `There is no video yet${problem ? `: ${problem}` : ""}`, {
    "retry-after": "2",
    "cache-control": "no-store",
  });
}

/** Resolves when there is what a player asks for by `_HLS_msn` and `_HLS_part` (RFC 8216bis section 6.2.5.2). */
async function reached(hls: Hls, { window }: HlsRendition, { url }: Call): Promise<void> {
  const sequence = numberIn(url, "_HLS_msn");
  const part = numberIn(url, "_HLS_part");
  if (sequence === null) {
    if (part !== null) throw new HttpProblem(400, "Send _HLS_msn with _HLS_part");
    return;
  }
  if (sequence > window.next.sequence + MAX_AHEAD) {
    throw new HttpProblem(400, `_HLS_msn is too far ahead: ${sequence}`);
  }
  const isThere = () => {
    const { next } = window;
    if (part === null || next.sequence !== sequence) return next.sequence > sequence;
    return next.part > part;
  };
  if (await hls.until(isThere, NEXT_MS)) return;
  throw new HttpProblem(503, "There is nothing new", {
    "retry-after": "1",
    "cache-control": "no-store",
  });
}

function numberIn({ searchParams }: URL, name: string): number | null {
  const text = searchParams.get(name);
  if (text === null) return null;
  if (!/^\d{1,15}$/.test(text)) throw new HttpProblem(400, `${name} must be a whole number`);
  return Number(text);
}

function playlistHeaders(): Record<string, string> {
  return { "content-type": hlsType(".m3u8"), "cache-control": BRIEF };
}

function gone(): HttpProblem {
  return new HttpProblem(404, "There is no such file, or no longer", GONE);
}
