import assert from "node:assert/strict";
import type { ServerMessage } from "../../../src/live_messages.ts";
import { PolledPages } from "../../../src/http/page_socket/polled_pages.ts";
import { PostLimit } from "../../../src/http/post_limit.ts";
import { SocketSet } from "../../../src/http/page_socket/socket_set.ts";
import { LiveClient } from "../../support/live_client.ts";
import {
  ADMIN_TOKEN,
  newViewer,
  startTestServer,
  type TestServer,
} from "../../support/test_server.ts";

/** Returns what sends a page's polls. */
function pollerOf(server: TestServer, headers: Record<string, string>, key = "k") {
  return async (...messages: unknown[]) => {
    const response = await server.get("/live", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ key, messages }),
    });
    const answer = await response.json();
    const received: ServerMessage[] = answer.messages ?? [];
    const types = received.map(({ type }) => type);
    return { status: response.status, isOpen: answer.isOpen, received, types, answer };
  };
}

Deno.test("a page without a WebSocket chats both ways with one that has one", async () => {
  await using server = await startTestServer();
  await using bob = await LiveClient.open(server, await newViewer(server));
  const poll = pollerOf(server, await newViewer(server));
  const first = await poll();
  assert.deepEqual([first.status, first.isOpen, first.types], [200, true, ["hello"]]);
  assert.deepEqual((await poll()).types, []);

  const { received } = await poll({ type: "chat", key: "m", text: "Hello", name: "Ada" });
  const own = received.find(({ type }) => type === "chat");
  assert.ok(own?.type === "chat" && own.key === "m", "its author learns the key");
  assert.equal((await bob.next("chat")).message.text, "Hello");

  bob.send({ type: "chat", key: "n", text: "Good morning", name: "Bob" });
  await bob.next("chat");
  const [heard] = (await poll()).received;
  assert.ok(heard.type === "chat");
  assert.deepEqual([heard.message.text, heard.key], ["Good morning", undefined]);
});

Deno.test("a page without a WebSocket asks for older messages, and learns what it sent wrongly", async () => {
  await using server = await startTestServer();
  const poll = pollerOf(server, await newViewer(server));
  await poll();
  assert.deepEqual((await poll({ type: "older", before: 3 })).types, ["older"]);
  assert.deepEqual((await poll({ type: "reboot" })).types, ["error"]);
  const tooLong = await poll({ type: "chat", key: "m", text: "x".repeat(5000), name: "Ada" });
  assert.equal(tooLong.isOpen, false, "as a WebSocket is closed");
  assert.deepEqual((await poll()).types, ["hello"]);
});

Deno.test("a polled page is gone after 10 s of silence, and is greeted again when it comes back", async () => {
  let now = 0;
  await using server = await startTestServer({ now: () => now });
  const poll = pollerOf(server, await newViewer(server));
  const tick = () => {
    for (let i = 0; i < 4; i++) server.pageSockets.tick();
  };
  await poll();
  now += 9_999;
  tick();
  assert.equal(server.pageSockets.count, 1);
  await poll();
  now += 9_999;
  tick();
  assert.equal(server.pageSockets.count, 1);
  now += 1;
  tick();
  assert.equal(server.pageSockets.count, 0);
  assert.deepEqual((await poll()).types, ["hello"]);
});

Deno.test("polled pages take seats like WebSockets", async () => {
  await using server = await startTestServer({ maxSockets: 1 });
  const ada = await newViewer(server);
  const poll = pollerOf(server, ada);
  assert.equal((await poll()).status, 200);
  const refused = await pollerOf(server, await newViewer(server))();
  assert.deepEqual([refused.status, refused.answer.code], [503, "too-many-pages"]);
  await assert.rejects(LiveClient.open(server, await newViewer(server)));
  assert.equal((await poll()).status, 200, "it keeps its seat");
});

Deno.test("the key of a polled page opens nothing for another viewer", async () => {
  await using server = await startTestServer();
  const ada = pollerOf(server, await newViewer(server));
  await ada();
  const other = await pollerOf(server, await newViewer(server))();
  assert.deepEqual(other.types, ["hello"], "a connection of its own");
  assert.equal(server.pageSockets.count, 2);
});

Deno.test("a banned viewer's polled page learns it and is closed", async () => {
  await using server = await startTestServer();
  const poll = pollerOf(server, await newViewer(server));
  const [hello] = (await poll()).received;
  assert.ok(hello.type === "hello");
  const banned = await server.get("/admin/chat/ban", {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify({ author: hello.you.author }),
  });
  await banned.body?.cancel();
  for (let i = 0; i < 2; i++) {
    const { isOpen, types } = await poll();
    assert.deepEqual([isOpen, types.includes("kicked")], [false, true]);
    assert.equal(server.pageSockets.count, 0);
  }
});

Deno.test("a studio polls with the streamer's token, also with a viewers' password", async () => {
  await using server = await startTestServer({ password: "open sesame" });
  const wrong = await pollerOf(server, { authorization: "Bearer not-the-streamers-token" })();
  assert.equal(wrong.status, 401);
  const authorization = `Bearer ${ADMIN_TOKEN}`;
  // As the studio does first; its browser may then do without the password.
  const opened = await server.get("/admin/state", { headers: { authorization } });
  await opened.body?.cancel();
  const cookie = opened.headers.get("set-cookie")!.split(";")[0];
  const poll = pollerOf(server, { authorization, cookie });
  assert.deepEqual((await poll()).types, ["hello", "history", "studio"]);
  for (let i = 0; i < 4; i++) server.pageSockets.tick();
  assert.ok((await poll()).types.includes("studio"));
  assert.equal((await pollerOf(server, {})()).status, 401);
});

Deno.test("a polled page is gone once a megabyte waits for it", () => {
  const sockets = new SocketSet({ maxSockets: 9, maxPerAddress: 9 });
  const pages = new PolledPages({ sockets, posts: new PostLimit() });
  const peer = { cookie: null, viewer: "v", capacityKey: "127.0.0.1", device: "", isStudio: false };
  pages.exchange("k", peer, []);
  const reason = "x".repeat(100_000);
  for (let i = 0; i < 20; i++) sockets.send({ type: "error", reason });
  assert.equal(sockets.size, 0);
  const polled = pages.exchange("k", peer, []);
  assert.deepEqual([polled?.messages.length, polled?.isOpen], [11, false]);
});

Deno.test("one poll has at most four messages", async () => {
  await using server = await startTestServer();
  const poll = pollerOf(server, await newViewer(server));
  const older = { type: "older", before: 3 };
  assert.equal((await poll(...Array(4).fill(older))).status, 200);
  assert.equal((await poll(...Array(5).fill(older))).status, 400);
});

Deno.test("a polled page that ends and begins anew gets no more messages than its address may send", async () => {
  await using server = await startTestServer({ now: () => 0 });
  const poll = pollerOf(server, await newViewer(server));
  const older = { type: "older", before: 3 };
  const tooLong = { type: "chat", key: "m", text: "x".repeat(5000) };
  let begun = 0, answered = 0, refused = 0;
  for (let i = 0; i < 60; i++) {
    const { status, types } = await poll(older, older, older, tooLong);
    if (status === 200) begun++;
    else {
      assert.equal(status, 429);
      refused++;
    }
    answered += types.filter((type) => type === "older").length;
  }
  assert.deepEqual([begun + answered, refused > 0], [60, true]);
});

Deno.test("older messages are refused to an address that sends too much, but not to the streamer there", async () => {
  await using server = await startTestServer({ now: () => 0 });
  const poll = pollerOf(server, await newViewer(server));
  const studio = pollerOf(server, { authorization: `Bearer ${ADMIN_TOKEN}` });
  await poll();
  for (let status = 0; status !== 429;) {
    const changed = await server.get("/settings", { method: "POST", body: new URLSearchParams() });
    await changed.body?.cancel();
    status = changed.status;
  }
  const older = { type: "older", before: 3 };
  const [refusal] = (await poll(older)).received;
  assert.ok(refusal.type === "error" && refusal.code === "too-much");
  assert.ok((await studio(older)).types.includes("older"));
});

Deno.test("a crowd of made-up viewers at one address counts as its maximum number of viewers", async () => {
  await using server = await startTestServer({ maxViewers: 50, maxPerAddress: 8 });
  for (let i = 0; i < 30; i++) {
    const cookie = `viewer=${crypto.randomUUID()}`;
    assert.equal((await pollerOf(server, { cookie })()).status, 200);
  }
  assert.equal(server.presence.count, 8);
});
