import assert from "node:assert/strict";
import { LiveSocket } from "../../../src/http/live/live_socket.ts";

/** A WebSocket that a slow page reads from. */
class SlowSocket extends EventTarget {
  readyState: number = WebSocket.OPEN;
  bufferedAmount = 0;
  readonly sent: string[] = [];
  closedWith: unknown[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: ((event: Event) => void) | null = null;

  send(text: string): void {
    this.sent.push(text);
    this.bufferedAmount += text.length;
  }

  close(code?: number, reason?: string): void {
    this.closedWith = [code, reason];
    this.readyState = WebSocket.CLOSING;
  }
}

function open(now = () => 0) {
  const socket = new SlowSocket();
  const ended: LiveSocket[] = [];
  const received: unknown[] = [];
  const live = new LiveSocket({
    socket: socket as unknown as WebSocket,
    peer: { cookie: null, viewer: "v", capacityKey: "127.0.0.1", isStudio: false },
    onMessage: (message) => void received.push(message),
    onEnd: (ended_) => void ended.push(ended_),
    now,
  });
  return { socket, live, ended, received };
}

Deno.test("live socket drops a page that takes nothing, and queues no more for it", () => {
  const { socket, live, ended } = open();
  const message = "x".repeat(100_000);
  for (let i = 0; i < 50; i++) live.sendText(message);
  assert.deepEqual(socket.closedWith, [1008, "Too slow"]);
  assert.equal(socket.sent.length, 11);
  assert(socket.bufferedAmount < 2 << 20);
  assert.deepEqual(ended, [], "it keeps its place until the connection is over");
  socket.onclose!();
  assert.deepEqual(ended, [live]);
});

Deno.test("live socket goes on sending to a page that takes what it gets", () => {
  const { socket, live } = open();
  for (let i = 0; i < 50; i++) {
    live.sendText("x".repeat(100_000));
    socket.bufferedAmount = 0;
  }
  assert.equal(socket.sent.length, 50);
  assert.deepEqual(socket.closedWith, []);
});

Deno.test("live socket reads nothing more after it hung up", () => {
  const { socket, live, received } = open();
  socket.onmessage!({ data: '{"type":"older","before":5}' });
  live.close("The server ends");
  socket.onmessage!({ data: '{"type":"older","before":4}' });
  live.send({ type: "goodbye" });
  assert.deepEqual(received, [{ type: "older", before: 5 }]);
  assert.deepEqual(socket.sent, []);
});

Deno.test("live socket that does not open within 10 s is over, once", () => {
  let now = 0;
  const { socket, live, ended } = open(() => now);
  socket.readyState = WebSocket.CONNECTING;
  now = 9_999;
  live.endUnlessOpened();
  assert.deepEqual(ended, []);
  now = 10_000;
  live.endUnlessOpened();
  assert.deepEqual([ended, socket.readyState], [[live], WebSocket.CLOSING]);
  socket.onclose!();
  assert.deepEqual(ended, [live]);
});

Deno.test("live socket that is open is not taken for one that does not open", () => {
  let now = 0;
  const { live, ended } = open(() => now);
  now = 60_000;
  live.endUnlessOpened();
  assert.deepEqual(ended, []);
});
