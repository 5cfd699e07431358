import assert from "node:assert/strict";
import { EncoderTimes } from "../../../src/consumers/sound/encoder_times.ts";
import { MP3 } from "../../../src/consumers/sound/sound_format.ts";

/** What ffmpeg discards at first, less the delay of the codec: 3,840 - 1,105 samples. Milliseconds. */
const OFFSET = 2_735 / 48;

Deno.test("times of encoded sound are those of the packets, 24 ms apart", () => {
  const times = new EncoderTimes(MP3);
  for (let i = 0; i < 50; i++) times.add(5_000 + 20 * i, 960);
  for (let i = 0; i < 30; i++) {
    assert(Math.abs(times.next() - (5_000 + OFFSET + 24 * i)) < 0.001);
  }
});

Deno.test("times of encoded sound follow a gap between packets", () => {
  const times = new EncoderTimes(MP3);
  for (let i = 0; i < 10; i++) times.add(20 * i, 960);
  for (let i = 10; i < 20; i++) times.add(1_000 + 20 * i, 960);
  const found = Array.from({ length: 10 }, () => times.next());
  assert(found[0] < 100 && found[9] > 1_200);
});

Deno.test("time of a frame that comes from nothing is 0", () => {
  assert.equal(new EncoderTimes(MP3).next(), 0);
});
