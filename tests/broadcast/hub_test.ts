import assert from "node:assert/strict";
import { type Consumer, Hub, type Transcoder } from "../../src/broadcast/hub.ts";
import type { Part } from "../../src/broadcast/multipart.ts";
import { type LumaPlane, type Quality, type Rendition, SOURCE } from "../../src/frame.ts";
import type { Transcoded } from "../../src/transcode/codec.ts";

/** Notes what it was asked for; answers when told to. */
class ManualTranscoder implements Transcoder {
  readonly jobs: {
    sequence: number;
    renditions: readonly Rendition[];
    previous?: LumaPlane;
    finish(made?: Transcoded | null): Promise<void>;
  }[] = [];

  transcode(...[frame, renditions, previous]: Parameters<Transcoder["transcode"]>) {
    const { promise, resolve } = Promise.withResolvers<Transcoded | null>();
    const luma = { width: 1, height: 1, data: new Uint8Array([frame.sequence]) };
    const made = { luma, outputs: renditions.map(({ quality }) => new Uint8Array([+quality])) };
    const finish = async (result: Transcoded | null = made) => {
      resolve(result);
      await promise;
      await Promise.resolve();
    };
    this.jobs.push({ sequence: frame.sequence, renditions, previous, finish });
    return promise;
  }
}

class Watcher implements Consumer {
  readonly parts: Part[] = [];
  followsMotion = false;
  constructor(public quality: Quality | null) {}
  wants = () => this.quality === null ? null : { ...SOURCE, quality: this.quality };
  deliver = (part: Part) => void this.parts.push(part);
  get sequences() {
    return this.parts.map((part) => part.frame.sequence);
  }
}

function setUp() {
  const transcoder = new ManualTranscoder();
  const clock = { now: 1_000_000 };
  const observed: number[] = [];
  const motion = {
    isDue: true,
    due: () => motion.isDue,
    observe: (plane: LumaPlane) => void observed.push(plane.data[0]),
  };
  const told: Part[] = [];
  const onPart = (part: Part) => void told.push(part);
  const hub = new Hub({ transcoder, motion, onPart, now: () => clock.now });
  const join = (quality: Quality | null) => {
    const watcher = new Watcher(quality);
    hub.join(watcher);
    return watcher;
  };
  return { hub, transcoder, clock, motion, observed, told, join };
}

const JPEG = new Uint8Array([1, 2, 3]);

Deno.test("hub gives viewers of the source the camera's bytes, the same part to all", () => {
  const { hub, transcoder, join } = setUp();
  const [a, b] = [join("source"), join("source")];
  hub.publish(JPEG);
  assert.deepEqual(a.parts[0].jpeg, JPEG);
  assert.equal(a.parts[0], b.parts[0]);
  assert.equal(transcoder.jobs.length, 0);
});

Deno.test("hub has each wanted rendition of a frame made once, and no other", async () => {
  const { hub, transcoder, join } = setUp();
  const viewers = [join(20), join(50), join(20), join("source"), join(null)];
  hub.publish(JPEG);
  assert.equal(transcoder.jobs.length, 1);
  assert.deepEqual(transcoder.jobs[0].renditions.map(({ quality }) => quality), [20, 50]);
  await transcoder.jobs[0].finish();
  assert.equal(viewers[0].parts[0], viewers[2].parts[0]);
  assert.deepEqual(viewers.map(({ parts }) => parts.length), [1, 1, 1, 1, 0]);
  assert.equal(viewers[1].parts[0].jpeg[0], 50);
});

Deno.test("hub tells of every part once, when it is made, whether or not anyone is still there", async () => {
  const { hub, transcoder, told, clock, join } = setUp();
  join(20);
  join("source");
  join("source");
  const leaving = join(50);
  hub.publish(JPEG);
  assert.deepEqual(told.map(({ rendition }) => rendition.quality), ["source"]);
  hub.leave(leaving);
  await transcoder.jobs[0].finish();
  assert.deepEqual(told.map(({ rendition }) => rendition.quality), ["source", 20, 50]);
  assert.deepEqual(told.map(({ jpeg }) => jpeg.length), [JPEG.length, 1, 1]);
  join(20);
  join("source");
  clock.now += 1000;
  hub.tick();
  assert.equal(told.length, 3);
});

Deno.test("hub tells of a part that was finished after a newer frame came", async () => {
  const { hub, transcoder, told, join } = setUp();
  join(20);
  hub.publish(JPEG);
  hub.publish(JPEG);
  await transcoder.jobs[1].finish();
  await transcoder.jobs[0].finish();
  assert.deepEqual(told.map(({ frame }) => frame.sequence), [2, 1]);
});

Deno.test("hub tells of no part that could not be made", async () => {
  const { hub, transcoder, told, join } = setUp();
  join(20);
  hub.publish(JPEG);
  await transcoder.jobs[0].finish(null);
  assert.deepEqual(told, []);
});

Deno.test("hub gives a newcomer the newest frame at once", () => {
  const { hub, join } = setUp();
  hub.publish(JPEG);
  hub.publish(JPEG);
  assert.deepEqual(join("source").sequences, [2]);
});

Deno.test("hub gives a newcomer the rendition that was already made of the newest frame", async () => {
  const { hub, transcoder, join } = setUp();
  join(20);
  hub.publish(JPEG);
  await transcoder.jobs[0].finish();
  assert.deepEqual(join(20).sequences, [1]);
  assert.equal(transcoder.jobs.length, 1);
});

Deno.test("hub lets a newcomer wait for the rendition that is being made", async () => {
  const { hub, transcoder, join } = setUp();
  const first = join(20);
  hub.publish(JPEG);
  const second = join(20);
  assert.equal(transcoder.jobs.length, 1);
  await transcoder.jobs[0].finish();
  assert.equal(first.parts[0], second.parts[0]);
  assert.equal(first.parts.length, 1);
});

Deno.test("hub has a rendition made again after it could not be", async () => {
  const { hub, transcoder, join } = setUp();
  const viewer = join(20);
  hub.publish(JPEG);
  await transcoder.jobs[0].finish(null);
  hub.refresh(viewer);
  await transcoder.jobs[1].finish();
  assert.equal(viewer.parts.length, 1);
});

Deno.test("hub repeats the newest frame though the clock was set back", () => {
  const { hub, clock, join } = setUp();
  const viewer = join("source");
  hub.publish(JPEG);
  clock.now -= 3_600_000;
  for (let i = 0; i < 12; i++) clock.now += 250, hub.tick();
  assert.equal(viewer.parts.length, 4);
});

Deno.test("hub gives the newest frame again when a viewer wants another quality", async () => {
  const { hub, transcoder, join } = setUp();
  const viewer = join("source");
  const other = join("source");
  hub.publish(JPEG);
  viewer.quality = 20;
  hub.refresh(viewer);
  await transcoder.jobs[0].finish();
  assert.deepEqual(viewer.parts.map(({ rendition }) => rendition.quality), ["source", 20]);
  assert.equal(other.parts.length, 1);
});

Deno.test("hub repeats the newest frame each second while the camera gives none", () => {
  const { hub, clock, join } = setUp();
  const viewer = join("source");
  hub.publish(JPEG);
  for (let i = 0; i < 12; i++) {
    clock.now += 250;
    hub.tick();
  }
  assert.deepEqual(viewer.sequences, [1, 1, 1, 1]);
});

Deno.test("hub repeats nothing while frames flow", () => {
  const { hub, clock, join } = setUp();
  const viewer = join("source");
  for (let i = 0; i < 5; i++) {
    hub.publish(JPEG);
    clock.now += 900;
    hub.tick();
  }
  assert.deepEqual(viewer.sequences, [1, 2, 3, 4, 5]);
});

Deno.test("hub gives nothing more to who left, not even what was being made for them", async () => {
  const { hub, transcoder, join } = setUp();
  const viewer = join(20);
  hub.publish(JPEG);
  hub.leave(viewer);
  await transcoder.jobs[0].finish();
  hub.publish(JPEG);
  assert.deepEqual(viewer.parts, []);
  assert.equal(transcoder.jobs.length, 1);
});

Deno.test("hub goes on after a frame that could not be transcoded", async () => {
  const { hub, transcoder, join } = setUp();
  const viewer = join(20);
  hub.publish(JPEG);
  await transcoder.jobs[0].finish(null);
  hub.publish(JPEG);
  await transcoder.jobs[1].finish();
  assert.deepEqual(viewer.sequences, [2]);
});

Deno.test("hub has motion measured only while someone follows it and it is due", async () => {
  const { hub, transcoder, motion, observed, join } = setUp();
  const viewer = join("source");
  hub.publish(JPEG);
  assert.equal(transcoder.jobs.length, 0);
  viewer.followsMotion = true;
  hub.publish(JPEG);
  assert.deepEqual(transcoder.jobs[0].renditions, []);
  await transcoder.jobs[0].finish();
  motion.isDue = false;
  hub.publish(JPEG);
  assert.equal(transcoder.jobs.length, 1);
  assert.deepEqual(observed, [2]);
});

Deno.test("hub hands the codec the last luma plane, for filters that look for motion", async () => {
  const { hub, transcoder, join } = setUp();
  join(20);
  hub.publish(JPEG);
  await transcoder.jobs[0].finish();
  hub.publish(JPEG);
  assert.equal(transcoder.jobs[0].previous, undefined);
  assert.equal(transcoder.jobs[1].previous?.data[0], 1);
});

Deno.test("hub does not measure a luma plane that comes after a newer one", async () => {
  const { hub, transcoder, observed, join } = setUp();
  join(20);
  hub.publish(JPEG);
  hub.publish(JPEG);
  await transcoder.jobs[1].finish();
  await transcoder.jobs[0].finish();
  assert.deepEqual(observed, [2]);
});
