import { FILTERS } from "../../src/media/rendition.ts";
import { ADMIN_TOKEN, AS_STREAMER } from "../support/requests.ts";
import { reportPainted } from "./painting.ts";
import type { Visitor } from "./visitor.ts";

/** What a visitor does during a visit. */
type Visit = (visitor: Visitor) => Promise<void>;

const QUALITIES = ["high", "medium", "low"] as const;

function choices({ random }: Visitor): Record<string, string> {
  return {
    ...(random.chance(0.7) && { quality: random.pick(QUALITIES) }),
    ...(random.chance(0.2) && { mode: "gaming" }),
    ...(random.chance(0.3) && { filter: random.pick(FILTERS) }),
  };
}

function streamPath(visitor: Visitor): string {
  const { random } = visitor;
  const query = new URLSearchParams({
    ...choices(visitor),
    ...(random.chance(0.2) && { fps: String(random.whole(1, 40)) }),
    ...(random.chance(0.2) && { max_kbps: String(random.whole(100, 20_000)) }),
    ...(random.chance(0.1) && { action: "stream" }),
  });
  return query.has("action") ? `/?${query}` : `/stream?${query}`;
}

/** Performs one of the actions that a page offers. */
async function fiddle(visitor: Visitor, live: Awaited<ReturnType<Visitor["openLive"]>>) {
  const { random } = visitor;
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const things: (() => unknown)[] = [
    () => visitor.sendJson("/settings", choices(visitor)),
    () =>
      visitor.send("/settings", {
        method: "POST",
        headers: form,
        body: String(new URLSearchParams(choices(visitor))),
      }),
    () => visitor.say(live),
    () => visitor.say(live),
    () => visitor.post(),
    () => visitor.donate(),
    () => live.send({ type: "older", before: random.whole(1, 1000) }),
    () => live.sendRaw(random.pick(["", "{}", "[]", "nonsense", '{"type":"__proto__"}'])),
    () => visitor.send("/state"),
    () => visitor.send(`/snapshot?quality=${random.pick(QUALITIES)}`),
  ];
  await random.pick(things)();
}

/** A browser: the page, its page socket, its stream, and someone who clicks. */
const page: Visit = async (visitor) => {
  await visitor.send("/");
  await using live = await visitor.openLive();
  const stream = `page-${visitor.random.whole(0, 1e9)}`;
  await using watched = await visitor.openStream(`/stream?live=${stream}`);
  using _reports = reportPainted(live, watched, stream);
  for (let left = visitor.random.whole(2, 8); left > 0 && !visitor.isClosing; left--) {
    await visitor.pause(300, 2500);
    await fiddle(visitor, live);
  }
};

/** curl, VLC or a frame grabber: only a stream. */
const program: Visit = async (visitor) => {
  const version = visitor.random.pick(["1.0", "1.1"] as const);
  await using _watched = await visitor.openStream(streamPath(visitor), { version });
  await visitor.pause(500, 12_000);
};

/** A viewer on a link too slow for the stream. */
const slow: Visit = async (visitor) => {
  const bytesPerSecond = visitor.random.whole(20_000, 400_000);
  await using _watched = await visitor.openStream(streamPath(visitor), { bytesPerSecond });
  await visitor.pause(3_000, 15_000);
};

/** A viewer whose machine sleeps with the stream open. */
const stalled: Visit = async (visitor) => {
  using _watched = await visitor.openRaw(streamPath(visitor));
  await visitor.pause(2_000, 16_000);
};

/** A visitor who makes various requests. */
const curious: Visit = async (visitor) => {
  const { random } = visitor;
  const paths = [
    "/",
    "/state",
    "/healthz",
    "/snapshot",
    "/snapshot.jpg?quality=low&filter=sepia",
    "/?action=snapshot",
    "/chat",
    "/settings",
    "/qr.svg",
    "/embed",
    "/css/watch.css",
  ];
  for (let left = random.whole(1, 12); left > 0 && !visitor.isClosing; left--) {
    await visitor.send(random.pick(paths));
    await visitor.pause(50, 800);
  }
};

/** An author who writes by script. */
const writer: Visit = async (visitor) => {
  await visitor.send("/");
  for (let left = visitor.random.whole(1, 5); left > 0 && !visitor.isClosing; left--) {
    await (visitor.random.chance(0.3) ? visitor.donate() : visitor.post());
    await visitor.pause(200, 2500);
  }
};

/** The streamer, who opens the studio for a while. */
const studio: Visit = async (visitor) => {
  await using live = await visitor.openLive(ADMIN_TOKEN);
  await live.next("studio");
  const headers = { ...visitor.headers, ...AS_STREAMER };
  await using _preview = await visitor.openStream("/admin/preview", { headers });
  await visitor.send("/admin/state", { headers: AS_STREAMER });
  await visitor.pause(1_000, 8_000);
  await visitor.sendJson(
    "/admin/title",
    { title: `Title ${visitor.random.whole(1, 9)}` },
    AS_STREAMER,
  );
};

/** A scanner, or a phone that lost its network: half a request, then gone. */
const cutOff: Visit = async (visitor) => {
  using _connection = await visitor.openRaw(streamPath(visitor), visitor.random.next());
  await visitor.pause(0, 1_500);
};

const VISITS: Readonly<Record<string, Visit>> = {
  page,
  program,
  slow,
  stalled,
  curious,
  writer,
  studio,
  cutOff,
};

/** Kinds of visit and how often each occurs, in rounds of thirteen. */
const MIX = [
  ...["page", "page", "page", "page", "program", "program", "program", "slow", "stalled"],
  ...["curious", "writer", "studio", "cutOff"],
];

/** Returns the next kind of visit. */
export function nextVisit(visitor: Visitor): { readonly name: string; readonly visit: Visit } {
  const name = visitor.random.pick(MIX);
  return { name, visit: VISITS[name] };
}
