import assert from "node:assert/strict";
import type { Consumer } from "../../src/streams/consumer.ts";
import type { Transcoder } from "../../src/streams/part_maker.ts";
import { Stream } from "../../src/streams/stream.ts";
import { frameOf } from "../../src/media/packet.ts";
import type { Part } from "../../src/media/multipart.ts";
import { MAX_PER_ORIGIN } from "../../src/streams/demand.ts";
import type { LumaPlane } from "../../src/media/luma_plane.ts";
import { type Quality, type Rendition, SOURCE } from "../../src/media/rendition.ts";
import type { Job } from "../../src/transcode/job.ts";

/** Notes what it was asked for; answers when told to. */
class ManualTranscoder implements Transcoder {
  readonly jobs: {
    stream: string;
    sequence: number;
    renditions: readonly Rendition[];
    least: number;
    previous?: LumaPlane;
    /** Gives the next picture. */
    make(): void;
    /** Gives the pictures that are left, or no more than those so far. */
    finish(result?: "all" | "early" | "corrupt"): Promise<void>;
  }[] = [];

  transcode({ stream, frame, renditions, least, previous, onOutput, onFailure }: Job) {
    const { promise, resolve } = Promise.withResolvers<LumaPlane | null>();
    let made = 0;
    const make = () => onOutput(made, new Uint8Array([+renditions[made++].quality]));
    const finish = async (result = "all") => {
      while (result === "all" && made < renditions.length) make();
      if (result === "corrupt") onFailure();
      const luma = { width: 1, height: 1, data: new Uint8Array([frame.sequence]) };
      resolve(result === "corrupt" ? null : luma);
      await promise;
      await Promise.resolve();
    };
    this.jobs.push({ stream, sequence: frame.sequence, renditions, least, previous, make, finish });
    return promise;
  }
}

class Watcher implements Consumer {
  readonly parts: Part[] = [];
  followsMotion = false;
  constructor(public quality: Quality | null, readonly origin: string | null = "192.0.2.1") {}
  decide = () => this.quality === null ? null : SOURCE.with({ quality: this.quality });
  deliver = (part: Part) => void this.parts.push(part);
  get sequences() {
    return this.parts.map((part) => part.frame.sequence);
  }
}

function setUp() {
  const transcoder = new ManualTranscoder();
  const clock = { now: 1_000_000, wallOffset: 0 };
  const observed: number[] = [];
  const motion = {
    isDue: true,
    due: () => motion.isDue,
    observe: (plane: LumaPlane) => void observed.push(plane.data[0]),
  };
  const told: Part[] = [];
  const onPart = (part: Part) => void told.push(part);
  const stream = new Stream({
    name: "program",
    transcoder,
    motion,
    onPart,
    clock: { wall: () => clock.now + clock.wallOffset, monotonic: () => clock.now },
  });
  const join = (quality: Quality | null, origin?: string | null) => {
    const watcher = new Watcher(quality, origin);
    stream.join(watcher);
    return watcher;
  };
  return { stream, transcoder, clock, motion, observed, told, join };
}

const JPEG = new Uint8Array([1, 2, 3]);

Deno.test("stream gives viewers of the source the camera's bytes, the same part to all", () => {
  const { stream, transcoder, join } = setUp();
  const [a, b] = [join("source"), join("source")];
  stream.publish(JPEG);
  assert.deepEqual(a.parts[0].jpeg, JPEG);
  assert.equal(a.parts[0], b.parts[0]);
  assert.equal(transcoder.jobs.length, 0);
});

Deno.test("stream has each wanted rendition of a frame made once, and no other", async () => {
  const { stream, transcoder, join } = setUp();
  const viewers = [join(20), join(50), join(20), join("source"), join(null)];
  stream.publish(JPEG);
  assert.equal(transcoder.jobs.length, 1);
  assert.deepEqual(transcoder.jobs[0].renditions.map(({ quality }) => quality), [20, 50]);
  await transcoder.jobs[0].finish();
  assert.equal(viewers[0].parts[0], viewers[2].parts[0]);
  assert.deepEqual(viewers.map(({ parts }) => parts.length), [1, 1, 1, 1, 0]);
  assert.equal(viewers[1].parts[0].jpeg[0], 50);
});

Deno.test("stream reports every part once, when it is made, even if every consumer has left", async () => {
  const { stream, transcoder, told, clock, join } = setUp();
  join(20);
  join("source");
  join("source");
  const leaving = join(50);
  stream.publish(JPEG);
  assert.deepEqual(told.map(({ rendition }) => rendition.quality), ["source"]);
  stream.leave(leaving);
  await transcoder.jobs[0].finish();
  assert.deepEqual(told.map(({ rendition }) => rendition.quality), ["source", 20, 50]);
  assert.deepEqual(told.map(({ jpeg }) => jpeg.length), [JPEG.length, 1, 1]);
  join(20);
  join("source");
  clock.now += 1000;
  stream.tick();
  assert.equal(told.length, 3);
});

Deno.test("stream reports a part that was finished after a newer frame came", async () => {
  const { stream, transcoder, told, join } = setUp();
  join(20);
  stream.publish(JPEG);
  stream.publish(JPEG);
  await transcoder.jobs[1].finish();
  await transcoder.jobs[0].finish();
  assert.deepEqual(told.map(({ frame }) => frame.sequence), [2, 1]);
});

Deno.test("stream gives the source's own, once, to all whose rendition could not be made", async () => {
  const { stream, transcoder, told, join } = setUp();
  const [low, medium, high] = [join(20), join(50), join("source")];
  const leaving = join(20);
  stream.publish(JPEG);
  stream.leave(leaving);
  await transcoder.jobs[0].finish("corrupt");
  for (const viewer of [low, medium, high]) {
    assert.deepEqual(viewer.parts.map(({ rendition }) => rendition), [SOURCE]);
    assert.deepEqual(viewer.parts[0].jpeg, JPEG);
  }
  assert.deepEqual(leaving.parts, []);
  assert.deepEqual(told.map(({ rendition }) => rendition), [SOURCE]);
});

Deno.test("stream gives the source's own only in place of what was not made yet", async () => {
  const { stream, transcoder, join } = setUp();
  const [medium, low] = [join(50), join(20)];
  join(50);
  stream.publish(JPEG);
  transcoder.jobs[0].make();
  await transcoder.jobs[0].finish("corrupt");
  assert.deepEqual(medium.parts.map(({ rendition }) => rendition.quality), [50]);
  assert.deepEqual(low.parts.map(({ rendition }) => rendition.quality), ["source"]);
});

Deno.test("stream gives nothing of a frame that could not be made when a newer one has come", async () => {
  const { stream, transcoder, join } = setUp();
  const viewer = join(20);
  stream.publish(JPEG);
  stream.publish(JPEG);
  await transcoder.jobs[0].finish("corrupt");
  assert.deepEqual(viewer.parts, []);
});

Deno.test("stream gives the source's own while nothing is made for two seconds, and ends that", async () => {
  const { stream, transcoder, clock, join } = setUp();
  const viewer = join(20);
  const qualities = () => viewer.parts.splice(0).map(({ rendition }) => rendition.quality);
  for (let i = 0; i < 20; i++, clock.now += 100) stream.publish(JPEG);
  assert.deepEqual(qualities(), []);
  for (let i = 0; i < 5; i++, clock.now += 100) stream.publish(JPEG);
  assert.deepEqual(qualities(), Array(5).fill("source"));
  await transcoder.jobs.at(-1)!.finish();
  stream.publish(JPEG);
  await transcoder.jobs.at(-1)!.finish();
  assert.deepEqual(qualities(), [20, 20]);
});

Deno.test("stream gives the source's own in place of the nearest too, while that is not made", () => {
  const { stream, clock, join } = setUp();
  for (let quality = 10; quality < 10 + MAX_PER_ORIGIN; quality++) join(quality);
  const last = join(5);
  for (let i = 0; i < 22; i++, clock.now += 100) stream.publish(JPEG);
  assert.deepEqual(last.parts.map(({ rendition }) => rendition), [SOURCE, SOURCE]);
});

Deno.test("stream lets who comes back to a rendition wait for it anew", () => {
  const { stream, clock, join } = setUp();
  const viewer = join(20);
  stream.publish(JPEG);
  viewer.quality = null;
  for (let i = 0; i < 30; i++, clock.now += 100) stream.publish(JPEG);
  viewer.quality = 20;
  stream.publish(JPEG);
  assert.deepEqual(viewer.parts, []);
});

Deno.test("stream gives a newcomer the newest frame at once", () => {
  const { stream, join } = setUp();
  stream.publish(JPEG);
  stream.publish(JPEG);
  assert.deepEqual(join("source").sequences, [2]);
});

Deno.test("stream gives a newcomer the rendition that was already made of the newest frame", async () => {
  const { stream, transcoder, join } = setUp();
  join(20);
  stream.publish(JPEG);
  await transcoder.jobs[0].finish();
  assert.deepEqual(join(20).sequences, [1]);
  assert.equal(transcoder.jobs.length, 1);
});

Deno.test("stream lets a newcomer wait for the rendition that is being made", async () => {
  const { stream, transcoder, join } = setUp();
  const first = join(20);
  stream.publish(JPEG);
  const second = join(20);
  assert.equal(transcoder.jobs.length, 1);
  await transcoder.jobs[0].finish();
  assert.equal(first.parts[0], second.parts[0]);
  assert.equal(first.parts.length, 1);
});

Deno.test("stream has a rendition made again after it could not be", async () => {
  const { stream, transcoder, join } = setUp();
  const viewer = join(20);
  stream.publish(JPEG);
  await transcoder.jobs[0].finish("corrupt");
  stream.refresh(viewer);
  await transcoder.jobs[1].finish();
  assert.deepEqual(viewer.parts.map(({ rendition }) => rendition.quality), ["source", 20]);
});

Deno.test("stream repeats the newest frame though the clock was set back", () => {
  const { stream, clock, join } = setUp();
  const viewer = join("source");
  stream.publish(JPEG);
  clock.wallOffset -= 3_600_000;
  for (let i = 0; i < 12; i++) clock.now += 250, stream.tick();
  assert.equal(viewer.parts.length, 4);
});

Deno.test("stream gives the newest frame again when a viewer wants another quality", async () => {
  const { stream, transcoder, join } = setUp();
  const viewer = join("source");
  const other = join("source");
  stream.publish(JPEG);
  viewer.quality = 20;
  stream.refresh(viewer);
  await transcoder.jobs[0].finish();
  assert.deepEqual(viewer.parts.map(({ rendition }) => rendition.quality), ["source", 20]);
  assert.equal(other.parts.length, 1);
});

Deno.test("stream repeats the newest frame each second while the camera gives none", () => {
  const { stream, clock, join } = setUp();
  const viewer = join("source");
  stream.publish(JPEG);
  for (let i = 0; i < 12; i++) {
    clock.now += 250;
    stream.tick();
  }
  assert.deepEqual(viewer.sequences, [1, 1, 1, 1]);
});

Deno.test("stream repeats nothing while frames flow", () => {
  const { stream, clock, join } = setUp();
  const viewer = join("source");
  for (let i = 0; i < 5; i++) {
    stream.publish(JPEG);
    clock.now += 900;
    stream.tick();
  }
  assert.deepEqual(viewer.sequences, [1, 2, 3, 4, 5]);
});

Deno.test("stream gives nothing to consumers that left, not even what was being made for them", async () => {
  const { stream, transcoder, join } = setUp();
  const viewer = join(20);
  stream.publish(JPEG);
  stream.leave(viewer);
  await transcoder.jobs[0].finish();
  stream.publish(JPEG);
  assert.deepEqual(viewer.parts, []);
  assert.equal(transcoder.jobs.length, 1);
});

Deno.test("stream goes on after a frame that could not be transcoded", async () => {
  const { stream, transcoder, join } = setUp();
  const viewer = join(20);
  stream.publish(JPEG);
  await transcoder.jobs[0].finish("corrupt");
  stream.publish(JPEG);
  await transcoder.jobs[1].finish();
  assert.deepEqual(viewer.parts.map(({ rendition }) => rendition.quality), ["source", 20]);
});

Deno.test("stream has motion measured only while someone follows it and it is due", async () => {
  const { stream, transcoder, motion, observed, join } = setUp();
  const viewer = join("source");
  stream.publish(JPEG);
  assert.equal(transcoder.jobs.length, 0);
  viewer.followsMotion = true;
  stream.publish(JPEG);
  assert.deepEqual(transcoder.jobs[0].renditions, []);
  await transcoder.jobs[0].finish();
  motion.isDue = false;
  stream.publish(JPEG);
  assert.equal(transcoder.jobs.length, 1);
  assert.deepEqual(observed, [2]);
});

Deno.test("stream hands the codec the last luma plane, for filters that look for motion", async () => {
  const { stream, transcoder, join } = setUp();
  join(20);
  stream.publish(JPEG);
  await transcoder.jobs[0].finish();
  stream.publish(JPEG);
  assert.equal(transcoder.jobs[0].previous, undefined);
  assert.equal(transcoder.jobs[1].previous?.data[0], 1);
});

Deno.test("stream does not measure a luma plane that comes after a newer one", async () => {
  const { stream, transcoder, observed, join } = setUp();
  join(20);
  stream.publish(JPEG);
  stream.publish(JPEG);
  await transcoder.jobs[1].finish();
  await transcoder.jobs[0].finish();
  assert.deepEqual(observed, [2]);
});

/** What was asked for of each job, by quality. */
const qualitiesOf = ({ renditions }: { renditions: readonly Rendition[] }) =>
  renditions.map(({ quality }) => quality);

Deno.test("stream gives each rendition as soon as it is made", () => {
  const { stream, transcoder, join } = setUp();
  const [medium, low] = [join(50), join(20)];
  join(50);
  stream.publish(JPEG);
  const [job] = transcoder.jobs;
  assert.deepEqual(qualitiesOf(job), [50, 20]);
  job.make();
  assert.deepEqual([medium.sequences, low.sequences], [[1], []]);
});

Deno.test("stream has the most wanted rendition made first, whoever came first", () => {
  const { stream, transcoder, join } = setUp();
  join(20);
  for (let i = 0; i < 3; i++) join(50, `192.0.2.${i}`);
  for (let i = 0; i < 2; i++) join(35, `192.0.2.${i}`);
  stream.publish(JPEG);
  assert.deepEqual(qualitiesOf(transcoder.jobs[0]), [50, 35, 20]);
});

Deno.test("stream lets no address outweigh another by many connections or renditions", async () => {
  const { stream, transcoder, join } = setUp();
  const qualities = [5, 10, 15, 20, 25, 30];
  for (let i = 0; i < 48; i++) join(qualities[i % 6], "192.0.2.1");
  const other = join(50, "192.0.2.2");
  for (let sequence = 1; sequence <= 300; sequence++) {
    stream.publish(JPEG);
    // There is time for one rendition a frame and what has to be made.
    const job = transcoder.jobs.at(-1)!;
    for (let i = 0; i < job.least; i++) job.make();
    await job.finish("early");
  }
  assert.ok(other.parts.length > 90, `${other.parts.length} of 300`);
});

Deno.test("stream has what nobody but the program wants made last", () => {
  const { stream, transcoder, join } = setUp();
  for (let i = 0; i < 5; i++) join(5, null);
  join(50);
  stream.publish(JPEG);
  assert.deepEqual(qualitiesOf(transcoder.jobs[0]), [50, 5]);
});

Deno.test("stream has ten renditions of a frame made for one address, and gives the rest the nearest", async () => {
  const { stream, transcoder, join } = setUp();
  const qualities = Array.from({ length: MAX_PER_ORIGIN }, (_, i) => 10 + 5 * i);
  const first = qualities.map((quality) => join(quality));
  const [finer, coarser] = [join(53), join(5)];
  const elsewhere = join(53, "192.0.2.2");
  stream.publish(JPEG);
  const [{ renditions }] = transcoder.jobs;
  assert.deepEqual(qualitiesOf({ renditions }).toSorted(), [...qualities, 53].toSorted());
  await transcoder.jobs[0].finish();
  const given = [...first, finer, coarser, elsewhere].map(({ parts }) =>
    parts[0].rendition.quality
  );
  // That of another address is made anyway, but was not yet asked for when this frame came.
  assert.deepEqual(given, [...qualities, 50, 10, 53]);
});

Deno.test("stream gives the source's own to who may have nothing made, where nothing is near", () => {
  const { stream, transcoder, join } = setUp();
  for (let quality = 1; quality <= MAX_PER_ORIGIN; quality++) {
    join(quality).decide = () => SOURCE.with({ quality, filter: "sepia" });
  }
  const last = join(50);
  last.decide = () => SOURCE.with({ quality: 50, filter: "contrast" });
  stream.publish(JPEG);
  assert.equal(transcoder.jobs[0].renditions.length, MAX_PER_ORIGIN);
  assert.deepEqual(last.parts.map(({ rendition }) => rendition), [SOURCE]);
});

Deno.test("stream counts an address's renditions anew with each frame, and each second of a still one", () => {
  const { stream, transcoder, clock, join } = setUp();
  const viewer = join("source");
  const want = (quality: number) => {
    viewer.quality = quality;
    stream.refresh(viewer);
    return transcoder.jobs.at(-1)!.renditions.some((rendition) => rendition.quality === quality);
  };
  for (let round = 0; round < 3; round++) {
    stream.publish(JPEG);
    const qualities = Array.from({ length: 2 * MAX_PER_ORIGIN }, (_, i) => 10 + i);
    const wanted = qualities.filter(want).length;
    assert.equal(wanted, MAX_PER_ORIGIN - (round === 0 ? 0 : 1));
    clock.now += 1000;
    viewer.quality = 60 + round;
    stream.tick();
    assert.ok(want(60 + round));
  }
});

Deno.test("stream has left-out renditions made in their turn, in proportion to their viewers", async () => {
  const { stream, transcoder, join } = setUp();
  const viewers = [70, 50, 30].map((quality, i) => join(quality, `192.0.2.${i}`));
  join(70, "192.0.2.9");
  const rare = join(10, "192.0.2.8");
  for (let i = 0; i < 60; i++) join(70, `192.0.2.${i + 10}`);
  for (let sequence = 1; sequence <= 300; sequence++) {
    stream.publish(JPEG);
    // There is time for one rendition a frame and what has to be made.
    const job = transcoder.jobs.at(-1)!;
    for (let i = 0; i < job.least; i++) job.make();
    await job.finish("early");
  }
  const counts = [...viewers, rare].map(({ parts }) => parts.length);
  assert.ok(counts[0] > 285, `${counts}`);
  // Once in 31 frames at least.
  for (const count of counts.slice(1)) assert.ok(count >= 9 && count < 20, `${counts}`);
});

Deno.test("stream has what was left out of a frame made when it is asked for again", async () => {
  const { stream, transcoder, join } = setUp();
  const [medium, low] = [join(50), join(20)];
  join(50);
  stream.publish(JPEG);
  transcoder.jobs[0].make();
  await transcoder.jobs[0].finish("early");
  assert.deepEqual([medium.parts.length, low.parts.length], [1, 0]);
  stream.refresh(low);
  await transcoder.jobs[1].finish();
  assert.equal(low.parts.length, 1);
});

/** Lets promises that are settled take effect. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await null;
}

Deno.test("stream numbers the frames itself, and ends with their producer", async () => {
  const { stream, join } = setUp();
  const watcher = join("source");
  const seen: [number, number][] = [];
  const reading = (async () => {
    for await (const { sequence, at } of stream.frames()) seen.push([sequence, at]);
  })();
  await stream.take((async function* () {
    for (const sequence of [700, 7]) {
      yield frameOf(JPEG, sequence, sequence);
      await settle();
    }
  })());
  await reading;
  assert.deepEqual(seen, [[1, 700], [2, 7]]);
  assert.deepEqual(watcher.sequences, [1, 2]);
});

Deno.test("stream keeps only the newest frame for a busy reader, and repeats none", async () => {
  const { stream, clock } = setUp();
  const reader = stream.frames();
  const first = reader.next();
  for (let i = 0; i < 3; i++) stream.publish(JPEG);
  assert.equal((await first).value?.sequence, 3);
  stream.publish(JPEG);
  stream.publish(JPEG);
  assert.equal((await reader.next()).value?.sequence, 5);
  clock.now += 5000;
  stream.tick();
  let isGiven = false;
  const next = reader.next().then(() => isGiven = true);
  await settle();
  assert.equal(isGiven, false);
  stream.publish(JPEG);
  await next;
  await reader.return();
});

Deno.test("stream lets each consumer decide once for each frame that is sent", async () => {
  const { stream, transcoder, clock, join } = setUp();
  const watcher = join(20);
  let decisions = 0;
  const decide = watcher.decide;
  watcher.decide = () => (decisions++, decide());
  stream.publish(JPEG);
  await transcoder.jobs[0].finish();
  assert.equal(decisions, 1);
  stream.refresh(watcher);
  assert.equal(decisions, 2);
  clock.now += 1000;
  stream.tick();
  assert.equal(decisions, 3);
});

Deno.test("stream passes its name to the transcoder", () => {
  const { stream, transcoder, join } = setUp();
  join(20);
  stream.publish(JPEG);
  assert.equal(transcoder.jobs[0].stream, stream.name);
});
