import assert from "node:assert/strict";
import { SoundRoom } from "../../../src/consumers/session/sound_room.ts";

const frame = (at: number, bytes: number) => ({ sequence: 1, capturedAt: at, at, bytes });
/** Bits a second. */
const PACE = 1e6;

Deno.test("SoundRoom holds nothing back while the page does not listen", () => {
  const room = new SoundRoom();
  room.wrote(frame(0, 9000), PACE);
  assert.equal(room.waitFor(0), 0);
});

Deno.test("SoundRoom holds the next frame back until a link with room for sound has carried the others", () => {
  const room = new SoundRoom();
  room.isKept = true;
  room.wrote(frame(0, 9000), PACE);
  // It takes the link 72 ms, and 80 ms with room for the sound; 20 ms earlier is early enough.
  assert.equal(Math.round(room.waitFor(0)), 60);
  assert.equal(Math.round(room.waitFor(50)), 10);
  assert.equal(room.waitFor(61), 0);
  room.wrote(frame(61, 9000), PACE);
  assert.equal(Math.round(room.waitFor(61)), 79);
});

Deno.test("SoundRoom holds nothing back on a link that carries everything", () => {
  const room = new SoundRoom();
  room.isKept = true;
  room.wrote(frame(0, 90_000), Infinity);
  assert.equal(room.waitFor(0), 0);
});

Deno.test("SoundRoom waits a quarter of a second at most for one frame, even if nothing arrives", () => {
  const room = new SoundRoom();
  room.isKept = true;
  room.wrote(frame(0, 9000), 0);
  assert.equal(room.waitFor(0), 230);
});
