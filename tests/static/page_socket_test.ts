import assert from "node:assert/strict";
import { Backoff } from "../../static/js/backoff.js";
import { setImmediate } from "node:timers/promises";
import { PageSocket } from "../../static/js/page_socket.js";
import { FakeTime } from "../support/fake_time.ts";
import "../support/page_texts.ts";

/** A socket that is in the test's hands. */
class FakeSocket {
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null;
  binaryType = "blob";
  onclose: (() => void) | null = null;
  readyState: number = WebSocket.OPEN;
  readonly sent: string[] = [];

  send(text: string) {
    this.sent.push(text);
  }

  close() {
    this.readyState = WebSocket.CLOSED;
  }

  say(message: unknown) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** Ends it from the other side. */
  end() {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.();
  }
}

interface SetUp {
  /** What the server answers to a request. By default, nothing can reach it. */
  readonly poll?: () => Promise<Response>;
  /** Whether the browser allows no WebSocket. */
  readonly isForbidden?: boolean;
  /** Called with each message. */
  readonly onHeard?: () => void;
}

const away = () => Promise.reject(new TypeError("away"));

function setUp({ poll = away, isForbidden = false, onHeard }: SetUp = {}) {
  const sockets: FakeSocket[] = [];
  const polls: string[] = [];
  const heard: string[] = [];
  const time = { now: 1 };
  const pageSocket = new PageSocket({
    url: "ws://here/live",
    onMessage({ type }) {
      heard.push(type);
      onHeard?.();
    },
    onBinary: (message) => heard.push(`${message.byteLength} bytes`),
    onLost: () => heard.push("lost"),
    onRefused: (reason) => heard.push(`refused ${reason}`.trim()),
    backoff: new Backoff({ random: () => 1 }),
    createSocket() {
      if (isForbidden) throw new DOMException("", "SecurityError");
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    fetch(_url, { body }) {
      polls.push(...JSON.parse(String(body)).messages.map(({ type }: { type: string }) => type));
      return poll();
    },
    clock: { monotonic: () => time.now },
  });
  return { pageSocket, sockets, heard, time, polls };
}

Deno.test("page socket is open, and sends, once the server has sent something", () => {
  const { pageSocket, sockets, heard } = setUp();
  pageSocket.open();
  pageSocket.open();
  assert.equal(sockets.length, 1);
  assert.equal(pageSocket.send({ type: "older", before: 3 }), false);
  sockets[0].say({ type: "hello" });
  assert.equal(pageSocket.send({ type: "older", before: 3 }), true);
  assert.deepEqual(sockets[0].sent, ['{"type":"older","before":3}']);
  assert.deepEqual(heard, ["hello"]);
});

Deno.test("page socket reconnects after growing waits, which start over once it was open", async () => {
  using time = new FakeTime();
  const { pageSocket, sockets, heard } = setUp();
  pageSocket.open();
  sockets[0].say({ type: "hello" });
  for (const wait of [1000, 2000, 4000, 5000]) {
    const { length } = sockets;
    sockets.at(-1)!.end();
    assert.equal(pageSocket.send({ type: "older", before: 3 }), false);
    await setImmediate();
    time.tick(wait - 1);
    assert.equal(sockets.length, length);
    time.tick(1);
    assert.equal(sockets.length, length + 1);
  }
  sockets.at(-1)!.say({ type: "hello" });
  sockets.at(-1)!.end();
  time.tick(1000);
  sockets.at(-1)!.say({ type: "hello" });
  const refused = ["refused", "refused", "refused"];
  assert.deepEqual(heard, ["hello", "lost", ...refused, "hello", "lost", "hello"]);
  pageSocket.close();
});

Deno.test("page socket, reopened, ignores its old connection", () => {
  using time = new FakeTime();
  const { pageSocket, sockets, heard } = setUp();
  pageSocket.open();
  sockets[0].say({ type: "hello" });
  pageSocket.reopen();
  assert.equal(sockets[0].readyState, WebSocket.CLOSED);
  sockets[0].say({ type: "state" });
  sockets[0].end();
  time.tick(3_000);
  assert.equal(sockets.length, 2);
  sockets[1].say({ type: "hello" });
  assert.deepEqual(heard, ["hello", "hello"]);
});

Deno.test("page socket, hurried, connects at once unless an attempt is under way", () => {
  using time = new FakeTime();
  const { pageSocket, sockets } = setUp();
  pageSocket.hurry();
  assert.equal(sockets.length, 0, "nobody has opened it");
  pageSocket.open();
  pageSocket.hurry();
  assert.equal(sockets.length, 1);
  sockets[0].end();
  pageSocket.hurry();
  assert.equal(sockets.length, 2);
  time.tick(3_000);
  assert.equal(sockets.length, 2);
  pageSocket.close();
});

Deno.test("page socket stays closed until it is opened", () => {
  using time = new FakeTime();
  const { pageSocket, sockets, heard } = setUp();
  pageSocket.open();
  sockets[0].say({ type: "hello" });
  sockets[0].end();
  pageSocket.close();
  pageSocket.reopen();
  time.tick(60_000);
  assert.equal(sockets.length, 1);
  pageSocket.open();
  assert.equal(sockets.length, 2);
  assert.deepEqual(heard, ["hello", "lost"]);
});

Deno.test("page socket knows how long the server has been silent", () => {
  const { pageSocket, sockets, time } = setUp();
  pageSocket.open();
  assert.equal(pageSocket.silence, Infinity);
  sockets[0].say({ type: "hello" });
  time.now += 700;
  assert.equal(pageSocket.silence, 700);
});

Deno.test("page socket asks for its subprotocols at each connection", () => {
  using time = new FakeTime();
  const asked: string[][] = [];
  let socket = new FakeSocket();
  let token = "first";
  const pageSocket = new PageSocket({
    url: "ws://here/live",
    protocols: () => [token],
    onMessage: () => {},
    onLost: () => {},
    fetch: away,
    createSocket(_url, protocols) {
      asked.push(protocols);
      socket = new FakeSocket();
      return socket as unknown as WebSocket;
    },
  });
  pageSocket.open();
  token = "second";
  socket.end();
  time.tick(1_000);
  assert.deepEqual(asked, [["first"], ["second"]]);
  pageSocket.close();
});

const said = (...types: string[]) => () =>
  Promise.resolve(Response.json({ messages: types.map((type) => ({ type })), isOpen: true }));

Deno.test("page socket polls while its handshake hangs, until the WebSocket says something", async () => {
  using time = new FakeTime();
  const { pageSocket, sockets, heard, polls } = setUp({ poll: said("hello") });
  pageSocket.open();
  time.tick(3_999);
  await setImmediate();
  assert.deepEqual(heard, []);
  time.tick(1);
  await setImmediate();
  assert.deepEqual(heard, ["hello"]);
  assert.deepEqual([pageSocket.isOpen, pageSocket.isPolling], [true, true]);
  assert.equal(pageSocket.send({ type: "older", before: 3 }), true);
  assert.equal(pageSocket.send({ type: "painted", stream: "s", sequence: 1, ago: 0 }), false);
  await setImmediate();
  assert.deepEqual([polls, sockets[0].sent], [["older"], []]);

  sockets[0].say({ type: "state" });
  assert.equal(pageSocket.isPolling, false);
  assert.equal(pageSocket.send({ type: "older", before: 3 }), true);
  time.tick(60_000);
  await setImmediate();
  assert.deepEqual([polls.length, sockets[0].sent.length, sockets.length], [1, 1, 1]);
  assert.deepEqual(heard, ["hello", "hello", "state"]);
});

Deno.test("page socket gives a handshake 20 s, for a crowded link, and then makes another", () => {
  using time = new FakeTime();
  const { pageSocket, sockets } = setUp({ poll: said("hello") });
  pageSocket.open();
  time.tick(19_999);
  assert.deepEqual([sockets.length, sockets[0].readyState], [1, WebSocket.OPEN]);
  time.tick(1_001);
  assert.deepEqual([sockets.length, sockets[0].readyState], [2, WebSocket.CLOSED]);
  pageSocket.close();
});

Deno.test("page socket polls if the browser allows no WebSocket", async () => {
  using time = new FakeTime();
  const { pageSocket, heard } = setUp({ poll: said("hello"), isForbidden: true });
  pageSocket.open();
  await setImmediate();
  assert.deepEqual(heard, ["hello"]);
  time.tick(2_000);
  await setImmediate();
  assert.deepEqual([heard, pageSocket.isPolling], [["hello", "hello"], true]);
  pageSocket.close();
  assert.equal(pageSocket.isOpen, false);
});

Deno.test("page socket says why neither WebSocket nor polling works, and when polling is lost", async () => {
  using time = new FakeTime();
  let answer: () => Promise<Response> = () => Promise.resolve(Response.json({ detail: "Full" }));
  const { pageSocket, sockets, heard } = setUp({ poll: () => answer() });
  pageSocket.open();
  sockets[0].end();
  await setImmediate();
  assert.deepEqual(heard, ["refused Full"]);
  answer = said("hello");
  time.tick(1_000);
  sockets[1].end();
  await setImmediate();
  assert.equal(pageSocket.isPolling, true);
  answer = away;
  time.tick(2_000);
  await setImmediate();
  assert.deepEqual([heard, pageSocket.isOpen], [["refused Full", "hello", "lost"], false]);
  pageSocket.close();
});

Deno.test("page socket closed by a polled message hears no more", async () => {
  using time = new FakeTime();
  const { pageSocket, sockets, heard } = setUp({
    poll: said("kicked", "state"),
    isForbidden: true,
    onHeard: () => pageSocket.close(),
  });
  pageSocket.open();
  await setImmediate();
  time.tick(60_000);
  await setImmediate();
  assert.deepEqual([heard, sockets.length], [["kicked"], 0]);
});

Deno.test("page socket passes binary messages on as they are, but not those of an old connection", () => {
  const { pageSocket, sockets, heard } = setUp();
  pageSocket.open();
  assert.equal(sockets[0].binaryType, "arraybuffer");
  sockets[0].say({ type: "hello" });
  sockets[0].onmessage?.({ data: new ArrayBuffer(21) });
  pageSocket.reopen();
  sockets[0].onmessage?.({ data: new ArrayBuffer(22) });
  assert.deepEqual(heard, ["hello", "21 bytes"]);
  pageSocket.close();
});
