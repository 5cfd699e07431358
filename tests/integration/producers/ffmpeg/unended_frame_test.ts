import assert from "node:assert/strict";
import { UnendedFrames } from "../../../../src/producers/ffmpeg/unended_frame.ts";
import { sampleJpeg } from "../../../support/jpeg_samples.ts";
import { join } from "../../../support/jpegs.ts";

const PIXELS = 320 * 240;

async function bareFrame(): Promise<Uint8Array> {
  return (await sampleJpeg()).subarray(0, -2);
}

const text = (words: string) => new TextEncoder().encode(words);

Deno.test("a frame without EOI gets one after its data, whatever follows", async () => {
  const frames = new UnendedFrames();
  const bare = await bareFrame();
  const whole = join(bare, Uint8Array.of(0xff, 0xd9));
  for (
    const rest of [
      text(""),
      Uint8Array.of(0xff),
      text("\r\n--ffmpeg\r\n"),
      text("\r\n--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: 12345\r\n\r\n"),
      text("\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n\r\n--ffmpeg\r\n"),
      text("\n--b\nContent-Type: image/jpeg\n\n"),
    ]
  ) {
    assert.deepEqual(frames.complete(join(bare, rest), PIXELS, 0), whole);
  }
});

Deno.test("eight of a driver's zeros after a frame without EOI are kept", async () => {
  const bare = await bareFrame();
  for (const [zeros, kept] of [[3, 3], [8, 8], [9, 8], [100_000, 8]]) {
    const given = new UnendedFrames().complete(join(bare, new Uint8Array(zeros)), PIXELS, 0);
    assert.deepEqual(given, join(bare, new Uint8Array(kept), Uint8Array.of(0xff, 0xd9)));
  }
});

Deno.test("a frame that was cut off is rejected until ten in a row were whole", async () => {
  const frames = new UnendedFrames();
  const bare = await bareFrame();
  const half = bare.subarray(0, bare.length >> 1);
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 10; i++) {
      assert.equal(frames.complete(half, PIXELS, 0), null);
      assert.notEqual(frames.complete(bare, PIXELS, 0), null);
    }
    assert.deepEqual(frames.complete(half, PIXELS, 0), join(half, Uint8Array.of(0xff, 0xd9)));
    frames.reset();
  }
});

Deno.test("a frame without EOI that is too large to check is assumed to be whole", async () => {
  const half = (await bareFrame()).subarray(0, 5000);
  assert.equal(new UnendedFrames().complete(half, 1920 * 1200, 0), null);
  assert.notEqual(new UnendedFrames().complete(half, 1920 * 1200 + 1, 0), null);
});

Deno.test("frames without EOI cannot take more than a quarter of the time", async () => {
  let now = 0;
  // By this clock, checking a frame takes 5 ms.
  const frames = new UnendedFrames({ monotonic: () => now += 5 });
  const half = (await bareFrame()).subarray(0, 5000);
  /** Returns how many of the given number of cut frames are checked, and so rejected. */
  const looks = (count: number) => {
    let refused = 0;
    for (let i = 0; i < count; i++) {
      frames.reset();
      if (frames.complete(half, PIXELS, 0) === null) refused++;
    }
    return refused;
  };
  assert.equal(looks(100), 100);
  looks(2000);
  const since = now;
  const share = looks(2000) * 5 / (now - since);
  assert.ok(share > 0.2 && share <= 0.25, `${share}`);
  now += 60_000;
  assert.equal(looks(100), 100);
});
