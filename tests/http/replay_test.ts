import assert from "node:assert/strict";
import { soundPacket } from "../support/fake_sound.ts";
import { LiveClient } from "../support/live_client.ts";
import {
  ADMIN_TOKEN,
  newViewer,
  readParts,
  startTestServer,
  type TestServer,
  type TestServerOptions,
  TINY_JPEG,
} from "../support/test_server.ts";
import { until } from "../support/until.ts";

const ADMIN = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };

/** How far apart the frames of {@linkcode film} are. Milliseconds. */
const INTERVAL = 40;

/** Publishes four seconds of frames that ended so many milliseconds ago; returns the times of all. */
function film(
  server: Pick<TestServer, "program">,
  { ended = 10_000, frames = 100 } = {},
): number[] {
  const start = Date.now() - ended - frames * INTERVAL;
  const times = Array.from({ length: frames }, (_, i) => start + i * INTERVAL);
  times.forEach((at, i) => server.program.publish(new Uint8Array([...TINY_JPEG, i]), at));
  return times;
}

const timeOf = (part: { headers: Headers }) =>
  Math.round(Number(part.headers.get("x-timestamp")) * 1000);

/** A server whose clock runs, as it does in the program. */
async function start(options: TestServerOptions = {}) {
  const server = await startTestServer(options);
  const timer = setInterval(() => server.tick(), 100);
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await server[Symbol.asyncDispose]();
    },
  };
}

async function next(parts: ReturnType<typeof readParts>) {
  return (await parts.next()).value!;
}

Deno.test("/stream?at= plays from that frame on, with its times and rising numbers", async () => {
  await using server = await start();
  const times = film(server);
  const parts = readParts(await server.get(`/stream?at=${times[3] + 5}`));
  const first = await next(parts), second = await next(parts), third = await next(parts);
  // On a busy machine, the first one may have been replaced before it left.
  const index = times.indexOf(timeOf(first));
  assert(index >= 3 && index < 10, `${index}`);
  assert.deepEqual([...first.body], [...TINY_JPEG, index]);
  assert(timeOf(second) > timeOf(first) && timeOf(third) > timeOf(second));
  const sequences = [first, second, third].map(({ headers }) => Number(headers.get("x-sequence")));
  assert(sequences[0] < sequences[1] && sequences[1] < sequences[2]);
  assert.equal(server.audience.count, 1);
  await parts.return(undefined);
  await until("the viewer to leave", () => server.audience.count === 0, Boolean, { every: 5 });
});

Deno.test("/stream?at= gives the rendition of the query, and follows the viewer's choices", async () => {
  await using server = await start();
  const viewer = await newViewer(server);
  const times = film(server);
  const tail = ({ body }: { body: Uint8Array }) =>
    new TextDecoder().decode(body.subarray(TINY_JPEG.length + 1));
  const small = readParts(await server.get(`/stream?at=${times[0]}&speed=0&width=16&filter=sepia`));
  assert.equal(tail(await next(small)), "source sepia 0.5");
  const parts = readParts(
    await server.get(`/stream?at=${times[0]}&speed=0`, { headers: viewer }),
  );
  assert.equal(tail(await next(parts)), "");
  await server.get("/settings", {
    method: "POST",
    headers: { ...viewer, "content-type": "application/json" },
    body: JSON.stringify({ quality: "low" }),
  }).then((response) => response.body?.cancel());
  assert.equal(tail(await next(parts)), "20 none");
  await Promise.all([small.return(undefined), parts.return(undefined)]);
});

Deno.test("a page jumps, steps and pauses by messages, and only in its own replay", async () => {
  await using server = await start();
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  const times = film(server);
  const open = async (headers: HeadersInit) =>
    readParts(await server.get(`/stream?at=${times[0]}&speed=0&live=tab`, { headers }));
  const annas = await open(anna), bens = await open(ben);
  assert.equal(timeOf(await next(annas)), times[0]);
  assert.equal(timeOf(await next(bens)), times[0]);
  await using page = await LiveClient.open(server, anna);
  const shown = async (change: object) => {
    page.send({ type: "replay", stream: "tab", ...change });
    return times.indexOf(timeOf(await next(annas)));
  };
  assert.equal(await shown({ at: times[10] }), 10);
  assert.equal(await shown({ step: 1 }), 11);
  assert.equal(await shown({ step: -1 }), 10);
  assert.equal(await shown({ at: times[20], speed: 0.5 }), 20);
  assert.equal(times.indexOf(timeOf(await next(annas))), 21);
  page.send({ type: "replay", stream: "another", at: times[0] });
  await annas.return(undefined);
  assert.equal(timeOf(await next(bens)), times[0]);
  await bens.return(undefined);
});

Deno.test("a replay ends at once when the streamer switches rewinding off", async () => {
  await using server = await start();
  const times = film(server);
  const parts = readParts(await server.get(`/stream?at=${times[0]}&speed=0`));
  await next(parts);
  const response = await server.get("/admin/rewind", {
    method: "POST",
    headers: ADMIN,
    body: JSON.stringify({ on: false }),
  });
  await response.body?.cancel();
  assert.equal((await parts.next()).done, true);
  for (const path of ["/stream?at=1", "/stream?delay=5", "/snapshot?at=1"]) {
    const refused = await server.get(path);
    assert.equal(refused.status, 409, path);
    assert.equal((await refused.json()).code, "rewind-off");
    assert.equal((await server.get(path, { method: "HEAD" })).status, 409, path);
  }
});

Deno.test("/stream?at= is refused where nothing is kept", async () => {
  await using server = await start({ past: { rewind: 0 } });
  const refused = await server.get("/stream?at=1");
  assert.equal(refused.status, 409);
  assert.equal((await refused.json()).code, "rewind-off");
});

Deno.test("/stream refuses a wrong moment, speed or delay", async () => {
  await using server = await start();
  film(server);
  for (
    const [query, detail] of [
      ["at=x", 'Set at to a number from 0 to 8640000000000000: "x"'],
      ["at=1&speed=2", 'Set speed to one of 0, 0.25, 0.5, 1: "2"'],
      ["at=1&delay=1", "Give either at or delay: a moment, or how far behind live"],
      ["delay=-1", 'Set delay to a number from 0 to 86400: "-1"'],
      ["delay=61", 'Set delay to at most 60: so many seconds are kept: "61"'],
    ]
  ) {
    const response = await server.get(`/stream?${query}`);
    assert.equal(response.status, 400, query);
    assert.equal((await response.json()).detail, detail);
  }
});

Deno.test("/stream?delay= stays that far behind", async () => {
  await using server = await start();
  film(server, { ended: 6500 });
  const parts = readParts(await server.get("/stream?delay=10"));
  for (let i = 0; i < 3; i++) {
    const part = await next(parts);
    const behind = Date.now() - timeOf(part);
    assert(behind >= 9990 && behind < 10_200, `${behind}`);
  }
  await parts.return(undefined);
});

Deno.test("/snapshot?at= gives the frame of that moment in any rendition", async () => {
  await using server = await start();
  const times = film(server);
  const whole = await server.get(`/snapshot?at=${times[7] + 3}`);
  assert.equal(timeOf(whole), times[7]);
  assert.deepEqual([...new Uint8Array(await whole.arrayBuffer())], [...TINY_JPEG, 7]);
  const small = await server.get(`/snapshot.jpg?at=${times[8]}&width=16`);
  assert.equal(small.headers.get("content-type"), "image/jpeg");
  const bytes = new Uint8Array(await small.arrayBuffer());
  assert.equal(new TextDecoder().decode(bytes.subarray(TINY_JPEG.length + 1)), "source none 0.5");
});

Deno.test("a replay's delay is that of the link, not of the past", async () => {
  await using server = await start();
  const viewer = await newViewer(server);
  const times = film(server);
  const parts = readParts(
    await server.get(`/stream?at=${times[0]}&live=tab`, { headers: viewer }),
  );
  const part = await next(parts);
  await using page = await LiveClient.open(server, viewer);
  page.send({
    type: "painted",
    stream: "tab",
    sequence: Number(part.headers.get("x-sequence")),
    ago: 0,
  });
  const delay = await until(
    "a delay",
    () => {
      return server.audience.pages.deliveryOf(viewer.cookie.split("=")[1], "tab")?.delay ?? null;
    },
    (delay) => delay !== null,
    { every: 5 },
  );
  assert(delay! < 1000, `${delay}`);
  await parts.return(undefined);
});

Deno.test("viewers of the past take seats, are counted, and are kicked", async () => {
  await using server = await start({ maxViewers: 2 });
  const viewer = await newViewer(server);
  const times = film(server);
  const live = await server.get("/stream");
  const parts = readParts(await server.get(`/stream?at=${times[0]}&speed=0`, { headers: viewer }));
  await next(parts);
  const full = await server.get(`/stream?at=${times[0]}`);
  assert.equal(full.status, 503);
  await full.body?.cancel();
  const session = [...server.audience.viewers].find(({ id }) => id !== null)!;
  assert.equal(server.audience.kick(session.connection), true);
  assert.equal((await parts.next()).done, true);
  assert.equal(server.audience.count, 1);
  await live.body!.cancel();
});

Deno.test("a page that shows the past hears it, and live again when it returns", async () => {
  await using server = await start();
  const viewer = await newViewer(server);
  const times = film(server);
  for (let at = times[0]; at < times.at(-1)!; at += 20) {
    server.soundStream.publish(soundPacket(1, { at }));
  }
  const parts = readParts(
    await server.get(`/stream?at=${times[0]}&speed=0&live=past`, { headers: viewer }),
  );
  const sequence = Number((await next(parts)).headers.get("x-sequence"));
  await using page = await LiveClient.open(server, viewer);
  page.send({ type: "listen", on: true });
  await page.settled();
  const live = Date.now();
  server.soundStream.publish(soundPacket(1, { at: live }));
  await page.nextSounds(1);
  page.send({ type: "painted", stream: "past", sequence, ago: 0 });
  await page.settled();
  server.soundStream.publish(soundPacket(1, { at: live + 20 }));
  page.send({ type: "replay", stream: "past", at: times[10], speed: 1 });
  await page.nextSounds(6);
  page.send({ type: "replay", stream: "past", speed: 0 });
  await page.settled();
  await parts.return(undefined);
  await until("the viewer to leave", () => server.audience.count === 0, Boolean, { every: 5 });
  server.tick();
  const { length } = page.sounds;
  server.soundStream.publish(soundPacket(1, { at: live + 40 }));
  await page.nextSounds(length + 1);
  const heard = page.sounds.map((message) => {
    const view = new DataView(message.buffer);
    return { sequence: Number(view.getBigUint64(4)), at: view.getFloat64(12) };
  });
  const first = heard[0].sequence;
  assert.deepEqual(heard.map(({ sequence }) => sequence - first), heard.map((_, i) => i));
  assert.equal(heard[0].at, live);
  assert.equal(heard.at(-1)!.at, live + 40);
  const past = heard.slice(1, -1).map(({ at }) => at - times[10]);
  assert(past[0] >= 0 && past[0] < 200, `${past}`);
  assert(past.every((at, i) => i === 0 || at - past[i - 1] === 20), `${past}`);
});

Deno.test("a page that goes back keeps its seat, and only its own", async () => {
  await using server = await start({ maxViewers: 1 });
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  const [first] = film(server);
  const live = await server.get("/stream?live=one", { headers: anna });
  const path = `/stream?at=${first}&live=two&after=one`;
  const refused = await server.get(path, { headers: ben });
  assert.equal(refused.status, 503);
  await refused.body?.cancel();
  const past = readParts(await server.get(path, { headers: anna }));
  assert.equal(timeOf(await next(past)) >= first, true);
  assert.equal(server.audience.count, 1);
  await live.body?.cancel();
  await past.return(undefined);
});
