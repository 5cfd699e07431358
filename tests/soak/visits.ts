import { FILTERS } from "../../src/media/rendition.ts";
import { reportPainted } from "./painting.ts";
import type { Person } from "./person.ts";

/** What a visitor does during a visit. */
type Visit = (person: Person) => Promise<void>;

const QUALITIES = ["high", "medium", "low"] as const;

function choices({ random }: Person): Record<string, string> {
  return {
    ...(random.chance(0.7) && { quality: random.pick(QUALITIES) }),
    ...(random.chance(0.2) && { mode: "gaming" }),
    ...(random.chance(0.3) && { filter: random.pick(FILTERS) }),
  };
}

function streamPath(person: Person): string {
  const { random } = person;
  const query = new URLSearchParams({
    ...choices(person),
    ...(random.chance(0.2) && { fps: String(random.whole(1, 40)) }),
    ...(random.chance(0.2) && { max_kbps: String(random.whole(100, 20_000)) }),
    ...(random.chance(0.1) && { action: "stream" }),
  });
  return query.has("action") ? `/?${query}` : `/stream?${query}`;
}

/** Performs one of the actions that a page offers. */
async function fiddle(person: Person, live: Awaited<ReturnType<Person["openLive"]>>) {
  const { random } = person;
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const things: (() => unknown)[] = [
    () => person.sendJson("/settings", choices(person)),
    () =>
      person.send("/settings", {
        method: "POST",
        headers: form,
        body: String(new URLSearchParams(choices(person))),
      }),
    () => person.say(live),
    () => person.say(live),
    () => person.post(),
    () => person.donate(),
    () => live.send({ type: "older", before: random.whole(1, 1000) }),
    () => live.sendRaw(random.pick(["", "{}", "[]", "nonsense", '{"type":"__proto__"}'])),
    () => person.send("/state"),
    () => person.send(`/snapshot?quality=${random.pick(QUALITIES)}`),
  ];
  await random.pick(things)();
}

/** A browser: the page, its page socket, its stream, and someone who clicks. */
const page: Visit = async (person) => {
  await person.send("/");
  await using live = await person.openLive();
  const stream = `page-${person.random.whole(0, 1e9)}`;
  await using watched = await person.openStream(`/stream?live=${stream}`);
  using _reports = reportPainted(live, watched, stream);
  for (let left = person.random.whole(2, 8); left > 0 && !person.isClosing; left--) {
    await person.pause(300, 2500);
    await fiddle(person, live);
  }
};

/** curl, VLC or a frame grabber: only a stream. */
const program: Visit = async (person) => {
  const version = person.random.pick(["1.0", "1.1"] as const);
  await using _watched = await person.openStream(streamPath(person), { version });
  await person.pause(500, 12_000);
};

/** A viewer on a link too slow for the stream. */
const slow: Visit = async (person) => {
  const bytesPerSecond = person.random.whole(20_000, 400_000);
  await using _watched = await person.openStream(streamPath(person), { bytesPerSecond });
  await person.pause(3_000, 15_000);
};

/** A viewer whose machine sleeps with the stream open. */
const stalled: Visit = async (person) => {
  await using _watched = await person.openStream(streamPath(person), { bytesPerSecond: 0 });
  await person.pause(2_000, 16_000);
};

/** A visitor who makes various requests. */
const curious: Visit = async (person) => {
  const { random } = person;
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
  for (let left = random.whole(1, 12); left > 0 && !person.isClosing; left--) {
    await person.send(random.pick(paths));
    await person.pause(50, 800);
  }
};

/** An author who writes by script. */
const writer: Visit = async (person) => {
  await person.send("/");
  for (let left = person.random.whole(1, 5); left > 0 && !person.isClosing; left--) {
    await (person.random.chance(0.3) ? person.donate() : person.post());
    await person.pause(200, 2500);
  }
};

/** The streamer, who opens the studio for a while. */
const studio: Visit = async (person) => {
  const { adminToken } = person.place;
  const authorization = { authorization: `Bearer ${adminToken}` };
  await using live = await person.openLive(adminToken);
  await live.next("studio");
  const headers = { ...person.headers, ...authorization };
  await using _preview = await person.openStream("/admin/preview", { headers });
  await person.send("/admin/state", { headers: authorization });
  await person.pause(1_000, 8_000);
  await person.sendJson("/admin/title", { title: `Title ${person.random.whole(1, 9)}` }, {
    ...authorization,
  });
};

/** A scanner, or a phone that lost its network: half a request, then gone. */
const cutOff: Visit = async (person) => {
  const { random, place: { port } } = person;
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = `GET ${streamPath(person)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
  const length = random.whole(0, request.length);
  await connection.write(new TextEncoder().encode(request.slice(0, length)));
  await person.pause(0, 1_500);
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
export function nextVisit(person: Person): { readonly name: string; readonly visit: Visit } {
  const name = person.random.pick(MIX);
  return { name, visit: VISITS[name] };
}
