import assert from "node:assert/strict";
import { StoreError } from "../../../src/channel/store.ts";
import { openStore } from "../../../src/store/open.ts";
import { LiveClient } from "../../support/live_client.ts";
import {
  ADMIN_TOKEN,
  newViewer,
  startTestServer,
  type TestServer,
} from "../../support/test_server.ts";

/** Posts JSON; returns the status and the answer. */
async function post(
  server: TestServer,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
) {
  const response = await server.get(path, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...await response.json() };
}

const act = (server: TestServer, path: string, body: unknown = {}) =>
  post(server, `/admin/chat/${path}`, { authorization: `Bearer ${ADMIN_TOKEN}` }, body);

/** A page whose viewer has written something. */
async function openWriter(server: TestServer, name: string) {
  const headers = await newViewer(server);
  const page = await LiveClient.open(server, headers);
  page.send({ type: "chat", key: "1", text: `I am ${name}`, name });
  const { message } = await page.next("chat");
  await page.next("you");
  return { page, headers, message, author: message.author };
}

/** A server with a moderator, Ann, and a viewer, Bob. */
async function moderatedServer() {
  const server = await startTestServer();
  const [ann, bob] = [await openWriter(server, "Ann"), await openWriter(server, "Bob")];
  assert.equal((await act(server, "appoint", { author: ann.author })).status, 200);
  assert.equal((await ann.page.next("you")).you.role, "moderator");
  return { server, ann, bob };
}

Deno.test("moderators delete, time out, ban and pardon from the watch page, and the log names them", async () => {
  const { server, ann, bob } = await moderatedServer();
  await using _ = server;
  const moderate = (path: string, body: unknown) =>
    post(server, `/moderation/${path}`, ann.headers, body);
  const { author, message: { id } } = bob;
  assert.deepEqual(await moderate("delete", { ids: [id] }), { status: 200, ok: true, ids: [id] });
  assert.deepEqual((await bob.page.next("deleted")).ids, [id]);
  assert.equal((await moderate("time-out", { author, seconds: 60 })).status, 200);
  assert.ok((await bob.page.next("you")).you.mutedUntil! > 0);
  assert.equal((await moderate("pardon", { author })).status, 200);
  assert.equal((await bob.page.next("you")).you.mutedUntil, 0);
  assert.equal((await moderate("ban", { author })).status, 200);
  assert.equal((await bob.page.next("kicked")).until, null);
  const { lines, fields } = server.log;
  const actions = lines.filter((_, i) => fields[i].by === "Ann (moderator)");
  assert.deepEqual(actions, [
    ...["info: Deleted messages", "info: Timed out a viewer"],
    ...["info: Pardoned a viewer", "info: Banned a viewer"],
  ]);
});

Deno.test("moderation refuses viewers, programs, and moderators who were dismissed", async () => {
  const { server, ann, bob } = await moderatedServer();
  await using _ = server;
  const tries = [
    ["delete", { ids: [ann.message.id] }],
    ["time-out", { author: ann.author, seconds: 60 }],
    ["ban", { author: ann.author }],
    ["pardon", { author: ann.author }],
  ] as const;
  await act(server, "dismiss", { author: ann.author });
  for (const headers of [bob.headers, {}, ann.headers]) {
    for (const [path, body] of tries) {
      const { status, code } = await post(server, `/moderation/${path}`, headers, body);
      assert.deepEqual([status, code], [403, "not-a-moderator"], path);
    }
  }
  assert.ok(server.chat.get(ann.message.id));
});

Deno.test("moderation reads no messages for those who are no moderators, and at most 100", async () => {
  const store = openStore(":memory:");
  await using server = await startTestServer({ store });
  const bob = await openWriter(server, "Bob");
  let reads = 0;
  const { authorsOf, get } = store.chat;
  store.chat.authorsOf = (ids) => (reads++, authorsOf.call(store.chat, ids));
  store.chat.get = (id) => (reads++, get.call(store.chat, id));
  const ids = Array.from({ length: 100 }, (_, i) => i + 1);
  const remove = async (...ids: number[]) =>
    (await post(server, "/moderation/delete", bob.headers, { ids })).status;
  assert.equal(await remove(...ids), 403);
  assert.equal(reads, 0);
  await act(server, "appoint", { author: bob.author });
  assert.equal(await remove(...ids), 403);
  assert.equal(reads, 1);
  assert.equal(await remove(...ids, 101), 400);
});

Deno.test("moderation answers 503 while the store fails, and spares the streamer's messages", async () => {
  const store = openStore(":memory:");
  await using server = await startTestServer({ store });
  const ann = await openWriter(server, "Ann");
  await act(server, "appoint", { author: ann.author });
  const { message: { id } } = await act(server, "post", { text: "I am the streamer" });
  store.chat.authorsOf = store.chat.get = store.people.nameOf = () => {
    throw new StoreError("This could not be read");
  };
  const deleted = await post(server, "/moderation/delete", ann.headers, { ids: [id] });
  assert.deepEqual([deleted.status, deleted.code], [503, "store"]);
  for (const [path, body] of [["pin", { id }], ["appoint", { author: "bob" }]] as const) {
    const { status, code } = await act(server, path, body);
    assert.deepEqual([status, code], [503, "store"], path);
  }
  assert.equal(server.chat.newest().chat.at(-1)!.id, id);
});

Deno.test("moderators cannot act on the streamer, other moderators or themselves", async () => {
  const { server, ann, bob } = await moderatedServer();
  await using _ = server;
  await act(server, "appoint", { author: bob.author });
  const { message } = await act(server, "post", { text: "I am the streamer" });
  for (const target of [message, bob.message, ann.message]) {
    for (const path of ["ban", "time-out", "pardon"]) {
      const body = { author: target.author, seconds: 60 };
      const { status, code } = await post(server, `/moderation/${path}`, ann.headers, body);
      assert.deepEqual([status, code], [403, "not-for-moderators"], path);
    }
    const ids = { ids: [target.id] };
    assert.equal((await post(server, "/moderation/delete", ann.headers, ids)).status, 403);
  }
  assert.equal(server.chat.newest().chat.length, 3);
});

Deno.test("moderation refuses what another site's page sends, even a moderator's", async () => {
  const { server, ann, bob } = await moderatedServer();
  await using _ = server;
  const headers = { ...ann.headers, origin: "http://evil.example" };
  const { status } = await post(server, "/moderation/ban", headers, { author: bob.author });
  assert.equal(status, 403);
  assert.deepEqual(server.moderation.bans, []);
});

Deno.test("the streamer sees the moderators in the studio, and cannot be banned by mistake", async () => {
  const { server, ann } = await moderatedServer();
  await using _ = server;
  await using studio = await LiveClient.open(server, await newViewer(server), ADMIN_TOKEN);
  assert.deepEqual((await studio.next("studio")).studio.moderators, [
    { author: ann.author, name: "Ann" },
  ]);
  const { author } = server.streamer;
  for (const path of ["ban", "time-out", "pardon"]) {
    assert.equal((await act(server, path, { author, seconds: 60 })).status, 400, path);
  }
  const nameless = await act(server, "appoint", { author: "stranger" });
  assert.deepEqual([nameless.status, nameless.detail], [
    400,
    "Only someone with a name can be a moderator",
  ]);
});

Deno.test("a studio is the streamer in the chat, and gets the keys of its own messages", async () => {
  await using server = await startTestServer();
  const headers = await newViewer(server);
  await using studio = await LiveClient.open(server, headers, ADMIN_TOKEN);
  await using page = await LiveClient.open(server, headers);
  const { you } = await studio.next("hello");
  assert.deepEqual([you.name, you.role], ["Streamer", "streamer"]);
  assert.equal((await page.next("hello")).you.role, undefined);
  const posted = await act(server, "post", { text: "One\ntwo", key: "k1" });
  assert.deepEqual([posted.status, posted.repeated], [200, false]);
  const { message } = posted;
  assert.deepEqual(await studio.next("chat"), { type: "chat", message, key: "k1" });
  assert.deepEqual(await page.next("chat"), { type: "chat", message });
  assert.deepEqual([message.role, message.text, message.author], [
    "streamer",
    "One\ntwo",
    you.author,
  ]);
  assert.equal((await act(server, "post", { text: "x", key: "k1" })).repeated, true);
  assert.deepEqual(await act(server, "streamer-name", { name: " Bea " }), {
    ...{ status: 200, ok: true, name: "Bea" },
  });
  assert.equal((await act(server, "post", { text: "x" })).message.name, "Bea");
  const empty = await act(server, "post", { text: " " });
  assert.deepEqual([empty.status, empty.code], [400, "empty"]);
});

Deno.test("streamers who banned themselves as viewers can still open the studio", async () => {
  await using server = await startTestServer();
  const { headers, author } = await openWriter(server, "Ann");
  assert.equal((await act(server, "ban", { author })).status, 200);
  await using studio = await LiveClient.open(server, headers, ADMIN_TOKEN);
  assert.equal((await studio.next("hello")).you.role, "streamer");
});

Deno.test("a pinned message is part of the state, until it is unpinned or deleted", async () => {
  let now = 1000;
  await using server = await startTestServer({ now: () => now });
  const { page, message } = await openWriter(server, "Ann");
  const nextState = async () => {
    now += 1000;
    server.pageSockets.tick();
    return (await page.next("state")).state;
  };
  assert.equal((await act(server, "pin", { id: message.id })).status, 200);
  assert.deepEqual((await nextState()).pinned, message);
  await using late = await LiveClient.open(server, await newViewer(server));
  assert.deepEqual((await late.next("hello")).state.pinned, message);
  await act(server, "unpin");
  assert.ok(!("pinned" in await nextState()));
  await act(server, "pin", { id: message.id });
  await nextState();
  await act(server, "delete", { ids: [message.id] });
  assert.ok(!("pinned" in await nextState()));
  assert.equal((await act(server, "pin", { id: message.id })).status, 400);
});

Deno.test("replies over the socket and by POST quote the message that they answer", async () => {
  await using server = await startTestServer();
  const { page, headers, message } = await openWriter(server, "Ann");
  page.send({ type: "chat", key: "2", text: "@ann again", replyTo: message.id });
  const answer = (await page.next("chat")).message;
  assert.deepEqual(answer.reply, { id: message.id, name: "Ann", text: "I am Ann" });
  assert.deepEqual(answer.mentions, [message.author]);
  const posted = await post(server, "/chat", headers, { text: "And again", replyTo: answer.id });
  assert.equal(posted.message.reply.id, answer.id);
  const gone = await post(server, "/chat", headers, { text: "Once more", replyTo: 99 });
  assert.deepEqual([gone.status, gone.code], [400, "no-such-message"]);
});
