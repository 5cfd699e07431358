import assert from "node:assert/strict";
import type { ProgramMuxer, ProgramUnit } from "../../../src/consumers/video/program_muxer.ts";
import type { EncodedSoundConsumer } from "../../../src/consumers/sound/program_sound.ts";
import { openVideoBody } from "../../../src/consumers/video/video_body.ts";
import { FakeTime } from "../../support/fake_time.ts";
import type { H264Clip } from "../../support/h264_clip.ts";
import { ReplayedTrack } from "../../support/replayed_track.ts";

/** A key at every third place. */
function clipOf(width: number): H264Clip {
  const record = Uint8Array.of(1, width);
  return {
    configuration: { record, codec: "avc1.42c01f", width, height: 16 },
    units: [true, false, false].map((isKey, i) => ({ isKey, data: Uint8Array.of(i) })),
  };
}

function setUp({ canChange = false } = {}) {
  const time = new FakeTime();
  const track = new ReplayedTrack(clipOf(32));
  const written: ProgramUnit[] = [];
  const muxer: ProgramMuxer = {
    canChange,
    write(unit) {
      written.push(unit);
      return Uint8Array.of(1);
    },
  };
  const listeners = new Set<EncodedSoundConsumer>();
  const feed = {
    join: (consumer: EncodedSoundConsumer) => void listeners.add(consumer),
    leave: (consumer: EncodedSoundConsumer) => void listeners.delete(consumer),
  };
  const ends: unknown[] = [];
  const body = openVideoBody({
    ...{ track, muxer, sound: { feed, duration: 20 } },
    onEnd: (body) => ends.push(body),
    clock: { wall: () => time.now, monotonic: () => time.now },
  });
  const reader = body.stream.getReader();
  const read = async (count: number) => {
    while (written.length < count) await reader.read();
    return written;
  };
  const give = () => track.give(time.now);
  const say = () => listeners.forEach((listener) => listener.deliver(Uint8Array.of(9), time.now));
  return { time, track, body, reader, read, give, say, listeners, ends };
}

const indexes = (units: readonly ProgramUnit[]) =>
  units.map((unit) => unit.track === "video" ? unit.packet.index : unit.track);

Deno.test("video body begins with a key packet, which it requests", async () => {
  const { time, track, give, say, read, reader } = setUp();
  using _ = time;
  assert.equal(track.requests, 1);
  track.skip();
  give();
  say();
  assert.equal(track.requests, 2);
  for (let count = 0; count < 3; count++) give();
  say();
  const units = await read(3);
  assert.deepEqual(indexes(units), [4, 5, "sound"]);
  assert(units[0].track === "video" && units[0].packet.isKey);
  assert.equal(units[0].time, 0);
  await reader.cancel();
});

Deno.test("video body sends no packet whose predecessor is missing", async () => {
  const { time, track, give, read, reader } = setUp();
  using _ = time;
  give();
  track.skip();
  give();
  for (let count = 0; count < 3; count++) give();
  assert.deepEqual(indexes(await read(4)), [1, 4, 5, 6]);
  await reader.cancel();
});

Deno.test("video body leaves track and sound when its program goes away", async () => {
  const { time, track, listeners, ends, body, reader } = setUp();
  using _ = time;
  assert.equal(listeners.size, 1);
  await reader.cancel();
  assert.deepEqual([track.consumers.size, listeners.size, time.timers], [0, 0, 0]);
  assert.deepEqual(ends, [body]);
});

Deno.test("video body ends in order before another encoding, unless its format can change", async () => {
  for (const canChange of [false, true]) {
    const { time, track, give, read, reader, ends } = setUp({ canChange });
    using _ = time;
    give();
    // The same one in another object, as of an encoder that was started again.
    track.clip = clipOf(32);
    give();
    track.clip = clipOf(64);
    give();
    const units = await read(canChange ? 3 : 2);
    assert.deepEqual(indexes(units), canChange ? [1, 2, 3] : [1, 2]);
    if (!canChange) assert.equal((await reader.read()).done, true);
    assert.equal(ends.length, canChange ? 0 : 1);
    await reader.cancel();
  }
});

Deno.test("video body ends when its track cannot be had for 10 seconds, not before", () => {
  const { time, track, ends } = setUp();
  using _ = time;
  track.isAvailable = false;
  time.tick(9_000);
  track.isAvailable = true;
  time.tick(1_000);
  track.isAvailable = false;
  time.tick(10_999);
  assert.equal(ends.length, 0);
  time.tick(1);
  assert.equal(ends.length, 1);
  assert.equal(track.consumers.size, 0);
});

Deno.test("video body fails when a packet waits for more than two seconds", async () => {
  const { time, body, give, read, reader } = setUp();
  using _ = time;
  give();
  time.tick(1_000);
  give();
  time.tick(1_000);
  assert.equal(body.failure, null);
  time.tick(1);
  assert.match(body.failure!, /too slowly/);
  await read(1);
  assert.equal(body.failure, null);
  await reader.cancel();
});

Deno.test("video body forgets sound that must not be heard any more, and keeps pictures", async () => {
  const { time, listeners, give, say, read, reader } = setUp();
  using _ = time;
  give();
  say();
  give();
  for (const listener of listeners) listener.clear();
  time.tick(40);
  say();
  assert.deepEqual(indexes(await read(3)), [1, 2, "sound"]);
  await reader.cancel();
});
