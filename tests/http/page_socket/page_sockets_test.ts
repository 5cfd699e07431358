import assert from "node:assert/strict";
import type { Delivery, ServerMessage } from "../../../src/live_messages.ts";
import { LiveClient } from "../../support/live_client.ts";
import { ADMIN_TOKEN, newViewer, startTestServer } from "../../support/test_server.ts";

const JSON_TYPE = { "content-type": "application/json" };

Deno.test("page sockets greet a page with everything it needs", async () => {
  await using server = await startTestServer({ donateUrl: "https://pay.example/" });
  const anna = await newViewer(server);
  await using page = await LiveClient.open(server, anna);
  const { you, state, ...rest } = await page.next("hello");
  assert.equal(you.name, null);
  assert.equal(you.mutedUntil, 0);
  assert.deepEqual(state, {
    title: "<Tea> & cake",
    onAir: true,
    live: true,
    reason: null,
    sound: "on",
    viewers: 1,
    startedAt: server.startedAt,
    onAirSince: server.channel.onAirSince,
    slowMode: 0,
    donateUrl: "https://pay.example/",
    currency: null,
    goal: null,
    rewind: null,
    clips: "everyone",
  });
  assert.deepEqual(rest, {
    type: "hello",
    instance: "this run",
    settings: { mode: "home", quality: "high", filter: "none" },
    chat: [],
    more: false,
    support: {
      supporters: [],
      gifts: [],
      totals: { supporters: 0, donations: 0, amount: 0 },
    },
  });
});

Deno.test("page sockets never reveal a viewer's id", async () => {
  await using server = await startTestServer();
  const anna = await newViewer(server);
  await using page = await LiveClient.open(server, anna);
  page.send({ type: "chat", key: "k", text: "Hello", name: "Anna" });
  await page.next("chat");
  await page.settled();
  const secret = anna.cookie.slice("viewer=".length);
  assert(!JSON.stringify(page.received).includes(secret));
});

Deno.test("page sockets send a message to everyone, with its key to its author's pages alone", async () => {
  await using server = await startTestServer();
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  await using page = await LiveClient.open(server, anna);
  await using tab = await LiveClient.open(server, anna);
  await using other = await LiveClient.open(server, ben);
  await other.next("hello");
  page.send({ type: "chat", key: "k1", text: "<b>Hello</b>", name: "Anna" });
  const { message, key } = await page.next("chat");
  assert.deepEqual([message.name, message.text, key], ["Anna", "<b>Hello</b>", "k1"]);
  assert.deepEqual(await tab.next("chat"), { type: "chat", message, key: "k1" });
  assert.deepEqual(await other.next("chat"), { type: "chat", message });
  assert.equal((await page.next("you")).you.name, "Anna");
  await using late = await LiveClient.open(server, ben);
  assert.deepEqual((await late.next("hello")).chat, [message]);
});

Deno.test("page sockets confirm a repeated message again, and count it once", async () => {
  await using server = await startTestServer();
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  await using page = await LiveClient.open(server, anna);
  await using other = await LiveClient.open(server, ben);
  await other.next("hello");
  const message = { type: "chat", key: "k1", text: "Once", name: "Anna" } as const;
  page.send(message);
  const first = await page.next("chat");
  page.send(message);
  assert.deepEqual(await page.next("chat"), first);
  await other.next("chat");
  assert.deepEqual(await other.settled(), []);
  assert.equal(server.chat.newest().chat.length, 1);
});

Deno.test("page sockets refuse a fourth quick message, and say when to try again", async () => {
  await using server = await startTestServer();
  await using page = await LiveClient.open(server, await newViewer(server));
  for (let i = 0; i < 4; i++) {
    page.send({ type: "chat", key: `k${i}`, text: "Quick", name: "Anna" });
  }
  const { key, reason, retryAfter } = await page.next("refused");
  assert.equal(key, "k3");
  assert.match(reason, /too fast/);
  assert(retryAfter! > 0 && retryAfter! <= 2000, `${retryAfter}`);
});

Deno.test("page sockets return older messages", async () => {
  await using server = await startTestServer();
  for (let i = 0; i < 60; i++) {
    server.chat.post({ viewer: `viewer ${i}`, key: "k", text: `${i}`, name: `Anna ${i}` });
  }
  await using page = await LiveClient.open(server, await newViewer(server));
  const { chat, more } = await page.next("hello");
  assert.deepEqual([chat.length, chat[0]!.text, more], [50, "10", true]);
  page.send({ type: "older", before: chat[0]!.id });
  const older = await page.next("older");
  assert.deepEqual([older.chat.length, older.chat[9]!.text, older.more], [10, "9", false]);
});

Deno.test("page sockets send a viewer's choices to all their pages, and to nobody else", async () => {
  await using server = await startTestServer();
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  await using page = await LiveClient.open(server, anna);
  await using other = await LiveClient.open(server, ben);
  await Promise.all([page.next("hello"), other.next("hello")]);
  const response = await server.get("/settings", {
    method: "POST",
    headers: { ...anna, ...JSON_TYPE },
    body: '{"quality":"low"}',
  });
  await response.body?.cancel();
  assert.equal((await page.next("settings")).settings.quality, "low");
  assert.deepEqual(await other.settled(), []);
});

Deno.test("page sockets send a new title at once, then at most four a second", async () => {
  let now = 1000;
  await using server = await startTestServer({ now: () => now });
  await using page = await LiveClient.open(server, await newViewer(server));
  await page.next("hello");
  server.channel.setTitle("One");
  assert.equal((await page.next("state")).state.title, "One");
  server.channel.setTitle("Two");
  server.channel.setTitle("Three");
  now += 100;
  server.pageSockets.tick();
  assert.deepEqual(await page.settled(), []);
  now += 150;
  server.pageSockets.tick();
  assert.equal((await page.next("state")).state.title, "Three");
  now += 1000;
  server.pageSockets.tick();
  assert.deepEqual(await page.settled(), [], "nothing changed");
});

Deno.test("page sockets say why there are no frames, and that they are back", async () => {
  let now = 1000;
  await using server = await startTestServer({ now: () => now });
  await using page = await LiveClient.open(server, await newViewer(server));
  await page.next("hello");
  server.status.current = { live: false, source: "camera", reason: "camera-unplugged" };
  server.pageSockets.tick();
  const { live, reason } = (await page.next("state")).state;
  assert.deepEqual([live, reason], [false, "camera-unplugged"]);
  server.status.current = { live: true, source: "camera", reason: null };
  now += 1000;
  server.pageSockets.tick();
  assert.equal((await page.next("state")).state.live, true);
});

Deno.test("page sockets count people: a browser once, every program without a cookie", async () => {
  await using server = await startTestServer();
  const anna = await newViewer(server);
  const headers = [anna, anna, await newViewer(server), {}, {}];
  const streams = await Promise.all(
    headers.map((headers) => server.get("/stream", { headers: headers as HeadersInit })),
  );
  await using page = await LiveClient.open(server, anna);
  assert.equal((await page.next("hello")).state.viewers, 4);
  await Promise.all(streams.map((stream) => stream.body?.cancel()));
});

Deno.test("page sockets pass on what a page painted, under its own cookie only", async () => {
  await using server = await startTestServer();
  const reports: unknown[] = [];
  server.audience.pages.painted = (report) => void reports.push(report);
  const anna = await newViewer(server);
  await using page = await LiveClient.open(server, anna);
  await using program = await LiveClient.open(server);
  page.send({ type: "painted", stream: "s1", sequence: 7, ago: 12.5 });
  await page.settled();
  program.send({ type: "painted", stream: "s2", sequence: 8, ago: 0 });
  await program.settled();
  const viewer = anna.cookie.slice("viewer=".length);
  assert.deepEqual(reports, [
    { viewer, stream: "s1", sequence: 7, ago: 12.5 },
    { viewer: null, stream: "s2", sequence: 8, ago: 0 },
  ]);
});

Deno.test("page sockets send a page the delivery of its stream every second tick", async () => {
  await using server = await startTestServer();
  const delivery: Delivery = {
    codec: "jpeg",
    quality: 50,
    scale: 1,
    why: "link",
    fps: 30,
    kbps: 4000,
    delay: 80,
    dropped: 1,
    changes: 2,
  };
  const anna = await newViewer(server);
  const viewer = anna.cookie.slice("viewer=".length);
  server.audience.pages.deliveryOf = (id, stream) =>
    id === viewer && stream === "s1" ? delivery : null;
  await using silent = await LiveClient.open(server, anna);
  await using page = await LiveClient.open(server, anna);
  await using other = await LiveClient.open(server, await newViewer(server));
  for (const painting of [page, other]) {
    painting.send({ type: "painted", stream: "s1", sequence: 7, ago: 0 });
    await painting.settled();
  }
  for (let i = 0; i < 4; i++) server.pageSockets.tick();
  const told = { type: "delivery", stream: "s1", delivery, motion: 0.25 };
  const isDelivery = ({ type }: ServerMessage) => type === "delivery";
  assert.deepEqual((await page.settled()).filter(isDelivery), [told, told]);
  assert.deepEqual((await silent.settled()).filter(isDelivery), []);
  assert.deepEqual((await other.settled()).filter(isDelivery), []);
});

Deno.test("page sockets send the studio's state to studios alone, every fourth tick", async () => {
  await using server = await startTestServer();
  await using studio = await LiveClient.open(server, await newViewer(server), ADMIN_TOKEN);
  await using page = await LiveClient.open(server, await newViewer(server));
  const { source, motion } = (await studio.next("studio")).studio;
  assert.deepEqual([source, motion], ["test", 0.25]);
  for (let i = 0; i < 4; i++) server.pageSockets.tick();
  await studio.next("studio");
  assert.deepEqual(await studio.settled(), []);
  await page.settled();
  assert(!page.received.some(({ type }) => type === "studio"));
});

Deno.test("page sockets refuse a wrong token, and after five even the right one", async () => {
  let now = 0;
  await using server = await startTestServer({ now: () => now, trustedProxy: ["127.0.0.1"] });
  const there = { "x-forwarded-for": "203.0.113.1" };
  for (let i = 0; i < 5; i++) await assert.rejects(LiveClient.open(server, there, `guess ${i}`));
  await assert.rejects(LiveClient.open(server, there, ADMIN_TOKEN));
  now += 10 * 60 * 1000;
  await using studio = await LiveClient.open(server, there, ADMIN_TOKEN);
  await studio.next("studio");
});

Deno.test("page sockets accept a token of any characters", async () => {
  for (const token of ["ÿé🔑", "a+b/c=", "=", "-_."]) {
    await using server = await startTestServer({ adminToken: token });
    await using studio = await LiveClient.open(server, {}, token);
    await studio.next("studio");
  }
});

Deno.test("page sockets say goodbye when the server ends", async () => {
  const server = await startTestServer();
  await using page = await LiveClient.open(server, await newViewer(server));
  await page.next("hello");
  await server[Symbol.asyncDispose]();
  await page.next("goodbye");
  assert.equal((await page.closed).code, 1001);
});

Deno.test("page sockets renew the names of those who are here each minute", async () => {
  await using server = await startTestServer();
  const anna = await newViewer(server);
  await using page = await LiveClient.open(server, anna);
  await page.next("hello");
  const here: string[] = [];
  server.people.stillHere = (viewer) => here.push(viewer);
  for (let i = 0; i < 240; i++) server.pageSockets.tick();
  assert.deepEqual(here, [anna.cookie.slice("viewer=".length)]);
});

Deno.test("page sockets free the seat of a page that left before its connection opened", async () => {
  let now = 0;
  await using server = await startTestServer({ now: () => now });
  // As Deno leaves the WebSocket of a client that went away while its request waited.
  const socket = Object.assign(new EventTarget(), {
    readyState: WebSocket.CONNECTING as number,
    close: () => void (socket.readyState = WebSocket.CLOSING),
  });
  const peer = { cookie: null, viewer: "v", capacityKey: "192.0.2.1", device: "", isStudio: false };
  server.pageSockets.join(socket as unknown as WebSocket, peer);
  for (now = 0; now < 10_000; now += 250) server.pageSockets.tick();
  assert.equal(server.pageSockets.count, 1);
  for (let i = 0; i < 4; i++) server.pageSockets.tick();
  assert.deepEqual([server.pageSockets.count, socket.readyState], [0, WebSocket.CLOSING]);
});

Deno.test("page sockets disconnect a banned author before supporters and messages change", async () => {
  await using server = await startTestServer();
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  await using page = await LiveClient.open(server, anna);
  await using other = await LiveClient.open(server, ben);
  page.send({ type: "chat", key: "k", text: "Boo", name: "Anna" });
  const { message: { author } } = await page.next("chat");
  await other.next("chat");
  const before = page.received.length;
  server.moderation.ban(author);
  const types = (await other.settled()).map(({ type }) => type);
  assert.deepEqual(types, ["supporters", "purged"]);
  await page.closed;
  const last = page.received.slice(before).filter(({ type }) => type !== "you");
  assert.deepEqual(last.map(({ type }) => type), ["kicked"]);
});
