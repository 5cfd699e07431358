import assert from "node:assert/strict";
import { Reader } from "../../../src/consumers/session/reader.ts";

const BYTES = 60_000;
const WINDOW = 256_000;

/** Looks at a reader every 100 ms that has been sent so many parts, and has read others. */
function look(reader: Reader, i: number, sent: number, read: number): void {
  const unread = Math.min((sent - read) * BYTES, WINDOW);
  const queued = (sent - read) * BYTES - unread;
  const window = Math.max(0, WINDOW - unread);
  const socket = { queued, unsent: 0, windowClosed: queued > 0 ? 100 * i : 0, window };
  const delivered = sent * BYTES - queued, written = sent * BYTES;
  reader.observe(socket, { delivered, written, at: 100 * i, most: 30, isBusy: false });
}

Deno.test("Reader counts a client that has read everything as prompt, whatever was written unobserved", () => {
  const reader = new Reader();
  for (let i = 0; i < 100_000; i++) reader.wrote(BYTES);
  for (let i = 0; i < 20; i++) look(reader, i, 100_000, 100_000);
  assert.deepEqual([reader.isLate, reader.fps, reader.waitFor(2000)], [false, Infinity, 0]);
});

Deno.test("Reader finds out how many frames a late one takes, and waits for it", () => {
  const reader = new Reader();
  let sent = 0;
  const send = (count: number) => {
    for (; count > 0; count--, sent++) reader.wrote(BYTES);
  };
  send(1);
  look(reader, 0, 1, 1);
  // Three frames come in 100 ms, of which it takes one.
  for (let i = 1; i < 30; i++) {
    send(reader.waitFor(100 * i) === 0 ? 3 : 0);
    look(reader, i, sent, Math.min(sent, 1 + i));
  }
  assert.ok(reader.isLate);
  assert.ok(Math.abs(reader.fps - 10) < 2, `${reader.fps}`);
  send(2);
  assert.ok(reader.waitFor(3000) > 0);
});

Deno.test("Reader survives two looks at one time", () => {
  const reader = new Reader();
  for (let i = 0; i < 40; i++) {
    reader.wrote(BYTES);
    look(reader, i >> 1, i + 1, i + 1);
  }
  assert.deepEqual([reader.isLate, reader.isBlamed, reader.waitFor(2000)], [false, false, 0]);
});
