import assert from "node:assert/strict";
import { UserError } from "../../../src/errors.ts";
import { LiveClient } from "../../support/live_client.ts";
import {
  ADMIN_TOKEN,
  CARD_JPEG,
  newViewer,
  readParts,
  startTestServer,
  type TestServer,
  TINY_JPEG,
} from "../../support/test_server.ts";

const BEARER = { authorization: `Bearer ${ADMIN_TOKEN}` };

/** Posts as the studio does; gives the status and the answer. */
async function act(server: TestServer, path: string, body: unknown = {}) {
  const response = await server.get(`/admin/${path}`, {
    method: "POST",
    headers: { ...BEARER, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...await response.json() };
}

async function see(server: TestServer, path: string) {
  return await (await server.get(`/admin/${path}`, { headers: BEARER })).json();
}

/** A page that has written something, and whom others take its viewer for. */
async function openWriter(server: TestServer, name: string) {
  const viewer = await newViewer(server);
  const page = await LiveClient.open(server, viewer);
  page.send({ type: "chat", key: crypto.randomUUID(), text: `I am ${name}`, name });
  const { message } = await page.next("chat");
  await page.next("you");
  return { viewer, page, message, author: message.author };
}

const POSTS = [
  ["on-air", { onAir: false }],
  ["title", { title: "New" }],
  ["source", { source: "/dev/video0" }],
  ["picture", { rotate: 90, flip: true }],
  ["kick", { id: "x" }],
  ["chat/delete", { ids: [1] }],
  ["chat/time-out", { author: "x", seconds: 60 }],
  ["chat/ban", { author: "x" }],
  ["chat/pardon", { author: "x" }],
  ["chat/slow-mode", { seconds: 5 }],
  ["chat/post", { text: "x" }],
  ["chat/streamer-name", { name: "x" }],
  ["chat/pin", { id: 1 }],
  ["chat/unpin", {}],
  ["chat/appoint", { author: "x" }],
  ["chat/dismiss", { author: "x" }],
  ["chat/blocked-words", { words: ["x"] }],
  ["supporters/remove", { author: "x" }],
] as const;
const GETS = [
  ...["sources", "state", "preview", "share-card.png", "studio-qr.svg"],
  ...["summary", "chat.txt"],
];

Deno.test("admin lets nobody in without the token, and changes nothing", async () => {
  await using server = await startTestServer();
  for (const authorization of [undefined, "Basic dXNlcg==", "Bearer"]) {
    const headers: Record<string, string> = authorization ? { authorization } : {};
    for (const [path, body] of POSTS) {
      const response = await server.get(`/admin/${path}`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      await response.body?.cancel();
      assert.equal(response.status, 401, path);
      assert.equal(response.headers.get("www-authenticate"), "Bearer");
    }
    for (const path of GETS) {
      const response = await server.get(`/admin/${path}`, { headers });
      await response.body?.cancel();
      assert.equal(response.status, 401, path);
    }
  }
  assert.deepEqual(
    [server.channel.onAir, server.channel.title, server.sources.current, server.picture.turn],
    [true, "<Tea> & cake", "test", { rotate: 0, flip: false }],
  );
  assert.equal(server.room.settings.slowMode, 0);
});

Deno.test("admin changes nothing by GET", async () => {
  await using server = await startTestServer();
  for (const [path] of POSTS) {
    const response = await server.get(`/admin/${path}`, { headers: BEARER });
    await response.body?.cancel();
    assert.equal(response.status, 405, path);
  }
});

Deno.test("admin refuses what another site's page sends, even with the token", async () => {
  await using server = await startTestServer();
  const response = await server.get("/admin/on-air", {
    method: "POST",
    headers: { ...BEARER, origin: "http://evil.example", "content-type": "application/json" },
    body: '{"onAir":false}',
  });
  await response.body?.cancel();
  assert.equal(response.status, 403);
  assert.equal(server.channel.onAir, true);
});

Deno.test("admin locks an address out for ten minutes after five wrong tokens", async () => {
  let now = 0;
  await using server = await startTestServer({ now: () => now, trustedProxy: ["127.0.0.1"] });
  const tryToken = async (token: string, address = "203.0.113.1", cookie = "") => {
    const response = await server.get("/admin/state", {
      headers: { authorization: `Bearer ${token}`, "x-forwarded-for": address, cookie },
    });
    await response.body?.cancel();
    return [response.status, response.headers.get("retry-after")];
  };
  const { cookie } = await newViewer({ get: () => server.get("/studio") });
  assert.deepEqual(await tryToken(ADMIN_TOKEN, "203.0.113.1", cookie), [200, null]);
  for (let i = 0; i < 5; i++) assert.deepEqual(await tryToken(`guess-${i}`), [401, null]);
  now += 60_000;
  assert.deepEqual(await tryToken(ADMIN_TOKEN), [429, "540"]);
  // But neither others, nor the browser that showed the token before.
  assert.deepEqual(await tryToken(ADMIN_TOKEN, "203.0.113.2"), [200, null]);
  assert.deepEqual(await tryToken(ADMIN_TOKEN, "203.0.113.1", cookie), [200, null]);
  now += 540_000;
  assert.deepEqual(await tryToken(ADMIN_TOKEN), [200, null]);
});

for (
  const [path, body] of [
    ["on-air", { onAir: "no" }],
    ["on-air", {}],
    ["title", { title: " " }],
    ["title", { title: "x".repeat(101) }],
    ["title", { title: "two\nlines" }],
    ["source", { source: "rtsp://elsewhere/-i" }],
    ["source", { source: "/dev/video1" }],
    ["picture", { rotate: 45, flip: false }],
    ["picture", { rotate: "90", flip: false }],
    ["picture", { rotate: 90 }],
    ["chat/delete", { ids: ["1"] }],
    ["chat/time-out", { author: "x", seconds: -1 }],
    ["chat/slow-mode", { seconds: 1e9 }],
    ["chat/blocked-words", { words: "x" }],
  ] as const
) {
  Deno.test(`admin refuses ${path} with ${JSON.stringify(body).slice(0, 40)}`, async () => {
    await using server = await startTestServer();
    const { status, detail } = await act(server, path, body);
    assert.equal(status, 400);
    assert(detail.length > 10 && !detail.includes("undefined"), detail);
    assert.equal(server.sources.current, "test");
  });
}

Deno.test("admin turns the picture, and every studio shows how it is turned", async () => {
  await using server = await startTestServer();
  assert.deepEqual((await see(server, "state")).turn, { rotate: 0, flip: false });
  const turn = { rotate: 270, flip: true };
  assert.deepEqual(await act(server, "picture", turn), { status: 200, ok: true, ...turn });
  assert.deepEqual(server.picture.turn, turn);
  assert.deepEqual((await see(server, "state")).turn, turn);
});

Deno.test("admin off air shows a card on running streams, on air the camera again", async () => {
  await using server = await startTestServer();
  server.camera.publish(TINY_JPEG);
  const stream = readParts(await server.get("/stream"));
  assert.deepEqual((await stream.next()).value!.body, TINY_JPEG);
  await using page = await LiveClient.open(server, await newViewer(server));
  await page.next("hello");
  assert.equal((await act(server, "on-air", { onAir: false })).onAir, false);
  assert.equal((await page.next("state")).state.onAir, false);
  assert.deepEqual((await stream.next()).value!.body, CARD_JPEG);
  const preview = readParts(await server.get("/admin/preview", { headers: BEARER }));
  assert.deepEqual((await preview.next()).value!.body, TINY_JPEG);
  server.camera.publish(TINY_JPEG);
  assert.equal((await preview.next()).value!.headers.get("x-sequence"), "2");
  assert.deepEqual(server.program.newest!.data, CARD_JPEG);
  assert.equal((await (await server.get("/healthz")).json()).onAir, false);
  await act(server, "on-air", { onAir: true });
  assert.deepEqual((await stream.next()).value!.body, TINY_JPEG);
  assert.equal(server.audience.count, 1, "the connection was kept");
  await Promise.all([stream.return(undefined), preview.return(undefined)]);
});

Deno.test("admin gives a title to everyone at once", async () => {
  await using server = await startTestServer({ page: "{{title}}" });
  await using page = await LiveClient.open(server, await newViewer(server));
  assert.equal((await act(server, "title", { title: "  Bird box " })).title, "Bird box");
  assert.equal((await page.next("state")).state.title, "Bird box");
  assert.equal(await (await server.get("/")).text(), "Bird box");
});

Deno.test("admin lists the sources and switches between those alone", async () => {
  await using server = await startTestServer();
  const { current, sources } = await see(server, "sources");
  assert.equal(current, "test");
  assert.deepEqual(sources[1], { source: "/dev/video0", name: "Fake Webcam (/dev/video0)" });
  assert.equal((await act(server, "source", { source: "/dev/video0" })).source, "/dev/video0");
  assert.equal((await see(server, "state")).source, "/dev/video0");
});

Deno.test("admin says why a source cannot be shown", async () => {
  await using server = await startTestServer();
  server.sources.switchTo = () => Promise.reject(new UserError("Plug the camera in"));
  const { status, detail } = await act(server, "source", { source: "/dev/video0" });
  assert.deepEqual([status, detail], [409, "Plug the camera in"]);
});

Deno.test("admin lists viewers by device, not by cookie or address", async () => {
  await using server = await startTestServer();
  server.camera.publish(TINY_JPEG);
  const { viewer, page, author } = await openWriter(server, "Anna");
  await using _page = page;
  const agent = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 " +
    "(KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";
  const streams = await Promise.all([
    server.get("/stream?live=s1", { headers: { ...viewer, "user-agent": agent } }),
    server.get("/stream", { headers: { "user-agent": "VLC/3.0.20 LibVLC/3.0.20" } }),
  ]);
  const state = await see(server, "state");
  const [anna, vlc] = state.viewers;
  assert.deepEqual([anna.author, anna.name, anna.device], [author, "Anna", "Chrome on Android"]);
  assert.deepEqual([vlc.author, vlc.name, vlc.device], [null, null, "VLC"]);
  assert.notEqual(anna.id, vlc.id);
  assert.equal(anna.delivery.quality, "source");
  assert.deepEqual([state.captured.width, state.captured.height], [32, 16]);
  const text = JSON.stringify(state);
  assert(!text.includes(viewer.cookie.slice("viewer=".length)) && !text.includes("127.0.0.1"));
  await Promise.all(streams.map((stream) => stream.body?.cancel()));
});

Deno.test("admin kick ends a viewer's streams and pages, and keeps them away for a minute", async () => {
  await using server = await startTestServer();
  server.camera.publish(TINY_JPEG);
  const anna = await newViewer(server);
  await using page = await LiveClient.open(server, anna);
  await using tab = await LiveClient.open(server, anna);
  const ben = await newViewer(server);
  await using other = await LiveClient.open(server, ben);
  const streams = [
    readParts(await server.get("/stream?live=s1", { headers: anna })),
    readParts(await server.get("/stream?live=s2", { headers: anna })),
  ];
  const kept = await server.get("/stream", { headers: ben });
  for (const stream of streams) await stream.next();
  const [{ id }] = (await see(server, "state")).viewers;
  assert.equal((await act(server, "kick", { id })).ok, true);
  for (const stream of streams) assert.equal((await stream.next()).done, true);
  for (const one of [page, tab]) {
    const { until } = await one.next("kicked");
    assert(Math.abs(until! - Date.now() - 60_000) < 5_000, `${until}`);
    await one.closed;
  }
  assert.deepEqual(
    (await other.settled()).map(({ type }) => type).filter((type) => type === "kicked"),
    [],
  );
  assert.equal(server.audience.count, 1);
  assert.equal((await act(server, "kick", { id })).status, 404);

  const refused = await server.get("/stream", { headers: anna });
  assert.equal(refused.status, 403);
  assert(Number(refused.headers.get("retry-after")) > 50);
  assert.match(
    (await refused.json()).detail,
    /^You were disconnected by the streamer: you can return in (60|5\d) s$/,
  );
  await using again = await LiveClient.open(server, anna);
  assert((await again.next("kicked")).until! > Date.now());
  await again.closed;
  assert(!again.received.some(({ type }) => type === "hello"));
  await kept.body?.cancel();
});

Deno.test("a kicked viewer gets no picture and changes nothing for others, but can read the chat", async () => {
  await using server = await startTestServer();
  server.camera.publish(TINY_JPEG);
  const anna = await openWriter(server, "Anna");
  await using page = anna.page;
  const ben = await openWriter(server, "Ben");
  await using _ = ben.page;
  await act(server, "chat/appoint", { author: anna.author });
  const requests = [
    ["/stream"],
    ["/snapshot"],
    ["/snapshot.jpg"],
    ["/chat", { text: "Still here" }],
    ["/reactions", { reaction: "heart" }],
    ["/donate", { amount: 1 }],
    ["/moderation/delete", { ids: [ben.message.id] }],
  ] as const;
  const answerTo = async (path: string, body?: object) => {
    const response = await server.get(path, {
      headers: { ...anna.viewer, ...body && { "content-type": "application/json" } },
      ...body && { method: "POST", body: JSON.stringify(body) },
    });
    return { response, text: response.ok ? "" : await response.text() };
  };
  const watched = (await answerTo("/stream")).response;
  for (const [path, body] of requests.slice(1)) {
    const { response } = await answerTo(path, body);
    assert.equal(response.status, 200, path);
    await response.body?.cancel();
  }

  const [{ id }] = (await see(server, "state")).viewers;
  await act(server, "kick", { id });
  await watched.body?.cancel();
  for (const [path, body] of requests) {
    const { response, text } = await answerTo(path, body);
    await response.body?.cancel().catch(() => {});
    assert.equal(response.status, 403, path);
    assert.equal(JSON.parse(text).code, "kicked-for", path);
    assert(Number(response.headers.get("retry-after")) > 50, path);
  }
  const read = (await answerTo("/chat")).response;
  assert.equal(read.status, 200);
  await read.body?.cancel();
  await page.closed;
});

Deno.test("admin kick of a program without a cookie keeps away that program, not its household", async () => {
  await using server = await startTestServer();
  server.camera.publish(TINY_JPEG);
  const vlc = { "user-agent": "VLC/3.0.20 LibVLC/3.0.20" };
  const stream = readParts(await server.get("/stream", { headers: vlc }));
  await stream.next();
  const [{ id }] = (await see(server, "state")).viewers;
  await act(server, "kick", { id });
  assert.equal((await stream.next()).done, true);
  const statusOf = async (headers: Record<string, string>) => {
    const response = await server.get("/stream", { headers });
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await statusOf(vlc), 403);
  assert.equal(await statusOf({ "user-agent": "curl/8.5.0" }), 200);
  assert.equal(await statusOf({ ...vlc, ...await newViewer(server) }), 200);
});

Deno.test("admin deletes messages on every screen", async () => {
  await using server = await startTestServer();
  const { page, message } = await openWriter(server, "Anna");
  await using _page = page;
  const { ids } = await act(server, "chat/delete", { ids: [message.id, 999] });
  assert.deepEqual(ids, [message.id]);
  assert.deepEqual((await page.next("deleted")).ids, [message.id]);
  assert.deepEqual(server.chat.newest().chat, []);
});

Deno.test("admin time-out mutes an author at once, and pardon ends that", async () => {
  await using server = await startTestServer();
  const { page, author } = await openWriter(server, "Anna");
  await using _page = page;
  await act(server, "chat/time-out", { author, seconds: 60 });
  assert(Number((await page.next("you")).you.mutedUntil) > Date.now());
  page.send({ type: "chat", key: "k2", text: "Still here" });
  assert.equal((await page.next("refused")).key, "k2");
  assert.equal((await see(server, "state")).bans[0].author, author);
  await act(server, "chat/pardon", { author });
  assert.equal((await page.next("you")).you.mutedUntil, 0);
  page.send({ type: "chat", key: "k3", text: "Thanks" });
  await page.next("chat");
});

Deno.test("admin ban ends a viewer's pages and streams, and deletes their messages", async () => {
  await using server = await startTestServer();
  server.camera.publish(TINY_JPEG);
  const { viewer, page, author, message } = await openWriter(server, "Anna");
  const ben = await openWriter(server, "Ben");
  await using _page = page, _other = ben.page;
  const stream = readParts(await server.get("/stream?live=s1", { headers: viewer }));
  await stream.next();
  assert.deepEqual(await act(server, "chat/ban", { author }), { status: 200, ok: true });
  assert.equal((await page.next("kicked")).until, null);
  await page.closed;
  assert.equal((await stream.next()).done, true);
  assert.deepEqual(await ben.page.next("purged"), { type: "purged", author, upTo: message.id });

  for (const path of ["/stream", "/snapshot", "/snapshot.jpg", "/?action=stream"]) {
    const refused = await server.get(path, { headers: viewer });
    assert.equal(refused.status, 403, path);
    assert.match((await refused.json()).detail, /^You have been banned/);
  }
  for (const path of ["/", "/embed"]) {
    const refused = await server.get(path, { headers: viewer });
    assert.equal(refused.status, 403, path);
    assert.match(await refused.text(), /<h1>You have been banned from this stream/);
    const head = await server.get(path, { method: "HEAD", headers: viewer });
    assert.equal(head.status, 403, "the page asks by HEAD whether the ban was lifted");
  }
  const shown = await server.get("/stream", { headers: { ...viewer, accept: "text/html" } });
  assert.match(await shown.text(), /<h1>You have been banned/);
  await using again = await LiveClient.open(server, viewer);
  assert.equal((await again.next("kicked")).until, null);
  await again.closed;
  assert(!again.received.some(({ type }) => type === "hello"));

  await act(server, "chat/pardon", { author });
  await using back = await LiveClient.open(server, viewer);
  await back.next("hello");
});

/** Donates by someone who is called so, from another person each time. */
async function donate(server: TestServer, name: string, message = "") {
  const viewer = await newViewer(server);
  const response = await server.get("/donate", {
    method: "POST",
    headers: { ...viewer, "content-type": "application/json" },
    body: JSON.stringify({ name, message, amount: 5 }),
  });
  assert.equal(response.status, 200);
  return { viewer, donation: (await response.json()).donation };
}

Deno.test("admin ban removes a supporter from the list and the screen, and a pardon restores them", async () => {
  let now = 0;
  await using server = await startTestServer({ now: () => now });
  await using page = await LiveClient.open(server, await newViewer(server));
  await page.next("hello");
  const { donation } = await donate(server, "RudeName");
  const { support: { supporters: [{ author }] } } = await page.next("donation");
  await act(server, "chat/ban", { author });
  const { support, withdrawn } = await page.next("supporters");
  assert.deepEqual([support.supporters, support.gifts, withdrawn], [[], [], donation.id]);
  await using later = await LiveClient.open(server, await newViewer(server));
  assert.deepEqual((await later.next("hello")).support.supporters, []);
  await act(server, "chat/pardon", { author });
  now += 1_000;
  server.celebrations.tick();
  const { support: { supporters: [back] } } = await page.next("supporters");
  assert.deepEqual([back.name, back.author], ["RudeName", author]);
});

Deno.test("admin removes a supporter, who loses the heart", async () => {
  await using server = await startTestServer();
  const { viewer, donation } = await donate(server, "Anna");
  await using page = await LiveClient.open(server, viewer);
  const { support: { supporters: [{ author }] }, you } = await page.next("hello");
  assert.deepEqual([you.author, you.supporter], [author, true]);
  assert.equal((await act(server, "supporters/remove", { author })).removed, true);
  const { support, withdrawn } = await page.next("supporters");
  assert.deepEqual([support.supporters, withdrawn], [[], donation.id]);
  assert.equal((await page.next("standing")).supporter, false);
  assert.equal((await page.next("you")).you.supporter, false);
  assert.equal((await act(server, "supporters/remove", { author })).removed, false);
});

Deno.test("admin blocked words hide the names of supporters", async () => {
  let now = 0;
  await using server = await startTestServer({ now: () => now });
  await donate(server, "RudeName");
  await using page = await LiveClient.open(server, await newViewer(server));
  await page.next("hello");
  await act(server, "chat/blocked-words", { words: ["rudename"] });
  now += 1_000;
  server.celebrations.tick();
  const { support: { supporters: [{ name }] } } = await page.next("supporters");
  assert.equal(name, "Anonymous");
});

Deno.test("admin slow mode is sent to everyone and enforced", async () => {
  await using server = await startTestServer();
  const { page } = await openWriter(server, "Anna");
  await using _page = page;
  await act(server, "chat/slow-mode", { seconds: 30 });
  assert.equal((await page.next("state")).state.slowMode, 30);
  page.send({ type: "chat", key: "k2", text: "So soon" });
  const { reason, retryAfter } = await page.next("refused");
  assert.match(reason, /Slow mode/);
  assert(retryAfter! > 20_000, `${retryAfter}`);
});

Deno.test("admin blocked words refuse a message", async () => {
  await using server = await startTestServer();
  const { page } = await openWriter(server, "Anna");
  await using _page = page;
  assert.deepEqual((await act(server, "chat/blocked-words", { words: ["Spoiler"] })).words, [
    "Spoiler",
  ]);
  page.send({ type: "chat", key: "k2", text: "A SPOILER!" });
  assert.match((await page.next("refused")).reason, /blocked/);
  assert.deepEqual((await see(server, "state")).blockedWords, ["Spoiler"]);
});

Deno.test("admin gives a card to share, as PNG, again for a new title", async () => {
  await using server = await startTestServer();
  const card = async () => {
    const response = await server.get("/admin/share-card.png", { headers: BEARER });
    assert.equal(response.headers.get("content-type"), "image/png");
    return await response.bytes();
  };
  const first = await card();
  assert.deepEqual(first.subarray(1, 4), new TextEncoder().encode("PNG"));
  assert.deepEqual(await card(), first);
  await act(server, "title", { title: "Bird box" });
  assert.notDeepEqual(await card(), first);
});
