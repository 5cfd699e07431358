import assert from "node:assert/strict";
import { PageSocket } from "../../../src/http/page_socket/page_socket.ts";

/** A WebSocket that a slow page reads from. */
class SlowSocket extends EventTarget {
  readyState: number = WebSocket.OPEN;
  bufferedAmount = 0;
  readonly sent: (string | Uint8Array)[] = [];
  closedWith: unknown[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: ((event: Event) => void) | null = null;

  send(message: string | Uint8Array): void {
    this.sent.push(message);
    this.bufferedAmount += message.length;
  }

  close(code?: number, reason?: string): void {
    this.closedWith = [code, reason];
    this.readyState = WebSocket.CLOSING;
  }
}

function open(now = () => 0) {
  const socket = new SlowSocket();
  const ended: PageSocket[] = [];
  const received: unknown[] = [];
  const page = new PageSocket({
    socket: socket as unknown as WebSocket,
    peer: { cookie: null, viewer: "v", capacityKey: "127.0.0.1", device: "", isStudio: false },
    onMessage: (message) => void received.push(message),
    onEnd: (ended_) => void ended.push(ended_),
    clock: { monotonic: now },
  });
  return { socket, page, ended, received };
}

Deno.test("page socket disconnects a page that reads nothing, and queues no more for it", () => {
  const { socket, page, ended } = open();
  const message = "x".repeat(100_000);
  for (let i = 0; i < 50; i++) page.sendText(message);
  assert.deepEqual(socket.closedWith, [1008, "Too slow"]);
  assert.equal(socket.sent.length, 11);
  assert(socket.bufferedAmount < 2 << 20);
  assert.deepEqual(ended, [], "it keeps its place until the connection is over");
  socket.onclose!();
  assert.deepEqual(ended, [page]);
});

Deno.test("page socket disconnects a page that reads no sound, whatever it reports", () => {
  const { socket, page } = open();
  for (let i = 0; i < 50; i++) page.sendBytes(new Uint8Array(100_000));
  assert.deepEqual(socket.closedWith, [1008, "Too slow"]);
  assert.equal(socket.sent.length, 11);
});

Deno.test("page socket keeps sending to a page that reads", () => {
  const { socket, page } = open();
  for (let i = 0; i < 50; i++) {
    page.sendText("x".repeat(100_000));
    socket.bufferedAmount = 0;
  }
  assert.equal(socket.sent.length, 50);
  assert.deepEqual(socket.closedWith, []);
});

Deno.test("page socket reads nothing after it has closed", () => {
  const { socket, page, received } = open();
  socket.onmessage!({ data: '{"type":"older","before":5}' });
  page.close("The server ends");
  socket.onmessage!({ data: '{"type":"older","before":4}' });
  page.send({ type: "goodbye" });
  assert.deepEqual(received, [{ type: "older", before: 5 }]);
  assert.deepEqual(socket.sent, []);
});

Deno.test("page socket that does not open within 10 s is over, once", () => {
  let now = 0;
  const { socket, page, ended } = open(() => now);
  socket.readyState = WebSocket.CONNECTING;
  now = 9_999;
  page.endUnlessOpened();
  assert.deepEqual(ended, []);
  now = 10_000;
  page.endUnlessOpened();
  assert.deepEqual([ended, socket.readyState], [[page], WebSocket.CLOSING]);
  socket.onclose!();
  assert.deepEqual(ended, [page]);
});

Deno.test("page socket that is open is never given up as unopened", () => {
  let now = 0;
  const { page, ended } = open(() => now);
  now = 60_000;
  page.endUnlessOpened();
  assert.deepEqual(ended, []);
});
