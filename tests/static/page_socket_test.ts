import assert from "node:assert/strict";
import { Backoff } from "../../static/js/backoff.js";
import { PageSocket } from "../../static/js/page_socket.js";
import { FakeTime } from "../support/fake_time.ts";

/** A socket that is in the test's hands. */
class FakeSocket {
  onmessage: ((event: { data: string }) => void) | null = null;
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

function setUp() {
  const sockets: FakeSocket[] = [];
  const heard: string[] = [];
  const time = { now: 1 };
  const pageSocket = new PageSocket({
    url: "ws://here/live",
    onMessage: ({ type }) => heard.push(type),
    onLost: () => heard.push("lost"),
    onRefused: () => heard.push("refused"),
    backoff: new Backoff({ random: () => 1 }),
    createSocket() {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    clock: { monotonic: () => time.now },
  });
  return { pageSocket, sockets, heard, time };
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

Deno.test("page socket reconnects after growing waits, which start over once it was open", () => {
  using time = new FakeTime();
  const { pageSocket, sockets, heard } = setUp();
  pageSocket.open();
  sockets[0].say({ type: "hello" });
  for (const wait of [1000, 2000, 4000, 5000]) {
    const { length } = sockets;
    sockets.at(-1)!.end();
    assert.equal(pageSocket.send({ type: "older", before: 3 }), false);
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
  time.tick(60_000);
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
  time.tick(60_000);
  assert.equal(sockets.length, 2);
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
    createSocket(_url, protocols) {
      asked.push(protocols);
      socket = new FakeSocket();
      return socket as unknown as WebSocket;
    },
  });
  pageSocket.open();
  token = "second";
  socket.end();
  time.tick(60_000);
  assert.deepEqual(asked, [["first"], ["second"]]);
  pageSocket.close();
});
