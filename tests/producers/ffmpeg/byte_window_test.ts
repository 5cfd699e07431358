import assert from "node:assert/strict";
import { ByteWindow } from "../../../src/producers/ffmpeg/byte_window.ts";

Deno.test("byte window moves what it holds only when it is full", () => {
  const window = new ByteWindow(4);
  assert.equal(window.append(Uint8Array.of(1, 2, 3), 0, 8), 0);
  assert.equal(window.append(Uint8Array.of(4), 2, 8), 0);
  assert.deepEqual(window.bytes, Uint8Array.of(1, 2, 3, 4));
  assert.equal(window.append(Uint8Array.of(5), 3, 8), 3);
  assert.deepEqual(window.bytes, Uint8Array.of(4, 5));
});

Deno.test("byte window grows to hold what is still needed, up to its limit", () => {
  const window = new ByteWindow(4);
  window.append(Uint8Array.of(1, 2, 3, 4), 0, 6);
  assert.equal(window.append(Uint8Array.of(5, 6), 0, 6), 0);
  assert.deepEqual(window.bytes, Uint8Array.of(1, 2, 3, 4, 5, 6));
  assert.equal(window.append(Uint8Array.of(7), 1, 6), 1);
  assert.deepEqual(window.bytes, Uint8Array.of(2, 3, 4, 5, 6, 7));
  assert.equal(window.bytes.buffer.byteLength, 6);
});

Deno.test("byte window holds nothing after it is cleared", () => {
  const window = new ByteWindow(2);
  window.append(Uint8Array.of(1, 2, 3), 0, 8);
  window.clear();
  assert.equal(window.bytes.length, 0);
  assert.equal(window.bytes.buffer.byteLength, 2);
});
