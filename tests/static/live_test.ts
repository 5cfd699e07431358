import assert from "node:assert/strict";
import { Backoff } from "../../static/js/backoff.js";
import { LiveChannel } from "../../static/js/live.js";
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
  const clock = { now: 1 };
  const channel = new LiveChannel({
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
    now: () => clock.now,
  });
  return { channel, sockets, heard, clock };
}

Deno.test("live channel is open once the server has spoken, and sends only then", () => {
  const { channel, sockets, heard } = setUp();
  channel.open();
  channel.open();
  assert.equal(sockets.length, 1);
  assert.equal(channel.send({ type: "older", before: 3 }), false);
  sockets[0].say({ type: "hello" });
  assert.equal(channel.send({ type: "older", before: 3 }), true);
  assert.deepEqual(sockets[0].sent, ['{"type":"older","before":3}']);
  assert.deepEqual(heard, ["hello"]);
});

Deno.test("live channel comes back after waits that grow, and begins anew once it was open", () => {
  using time = new FakeTime();
  const { channel, sockets, heard } = setUp();
  channel.open();
  sockets[0].say({ type: "hello" });
  for (const wait of [1000, 2000, 4000, 5000]) {
    const { length } = sockets;
    sockets.at(-1)!.end();
    assert.equal(channel.send({ type: "older", before: 3 }), false);
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

Deno.test("live channel, reopened, is deaf to the connection it had", () => {
  using time = new FakeTime();
  const { channel, sockets, heard } = setUp();
  channel.open();
  sockets[0].say({ type: "hello" });
  channel.reopen();
  assert.equal(sockets[0].readyState, WebSocket.CLOSED);
  sockets[0].say({ type: "state" });
  sockets[0].end();
  time.tick(60_000);
  assert.equal(sockets.length, 2);
  sockets[1].say({ type: "hello" });
  assert.deepEqual(heard, ["hello", "hello"]);
});

Deno.test("live channel, hurried, waits no longer, but ends no attempt that is under way", () => {
  using time = new FakeTime();
  const { channel, sockets } = setUp();
  channel.hurry();
  assert.equal(sockets.length, 0, "nobody has opened it");
  channel.open();
  channel.hurry();
  assert.equal(sockets.length, 1);
  sockets[0].end();
  channel.hurry();
  assert.equal(sockets.length, 2);
  time.tick(60_000);
  assert.equal(sockets.length, 2);
});

Deno.test("live channel, closed, stays so until it is opened", () => {
  using time = new FakeTime();
  const { channel, sockets, heard } = setUp();
  channel.open();
  sockets[0].say({ type: "hello" });
  sockets[0].end();
  channel.close();
  channel.reopen();
  time.tick(60_000);
  assert.equal(sockets.length, 1);
  channel.open();
  assert.equal(sockets.length, 2);
  assert.deepEqual(heard, ["hello", "lost"]);
});

Deno.test("live channel knows how long the server has been silent", () => {
  const { channel, sockets, clock } = setUp();
  channel.open();
  assert.equal(channel.silence, Infinity);
  sockets[0].say({ type: "hello" });
  clock.now += 700;
  assert.equal(channel.silence, 700);
});

Deno.test("live channel asks for the subprotocols of now at each connection", () => {
  using time = new FakeTime();
  const asked: string[][] = [];
  let socket = new FakeSocket();
  let token = "first";
  const channel = new LiveChannel({
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
  channel.open();
  token = "second";
  socket.end();
  time.tick(60_000);
  assert.deepEqual(asked, [["first"], ["second"]]);
  channel.close();
});
