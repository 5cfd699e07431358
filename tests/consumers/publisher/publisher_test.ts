import assert from "node:assert/strict";
import { H264Feed } from "../../../src/consumers/passages/h264_feed.ts";
import { Publisher } from "../../../src/consumers/publisher/publisher.ts";
import type { PublishedItem } from "../../../src/consumers/publisher/run.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { INVENTED_CLIP, ReplayedTrack, tracksOf } from "../../support/replayed_track.ts";
import { SilentAac } from "../../support/silent_aac.ts";
import { AAC_DURATION } from "../../../src/streams/aac.ts";

const START = Date.UTC(2026, 10, 27);
const REASON = "nothing answers there";

/** A connection that takes everything, until the test ends it. */
class FakeRun {
  readonly items: PublishedItem[] = [];
  isLive = false;
  taken = 0;
  isEnding = false;
  readonly #ended = Promise.withResolvers<string>();
  readonly ended = this.#ended.promise;

  push(item: PublishedItem): void {
    this.items.push(item);
    this.taken += item.data.length;
  }

  tick(): void {}

  end(): void {
    this.isEnding = true;
  }

  async breakOff(): Promise<void> {
    this.#ended.resolve(REASON);
    await this.ended;
    await Promise.resolve();
  }
}

function setUp() {
  const clock = { now: 0, monotonic: () => clock.now, wall: () => START + clock.now };
  const track = new ReplayedTrack(INVENTED_CLIP);
  const sound = new SilentAac();
  const log = recordingLog();
  const runs: FakeRun[] = [];
  const publisher = new Publisher({
    ...{ name: "rtmp://host", sound, log, clock },
    feed: (listener) => new H264Feed({ tracks: tracksOf(track), listener, clock }),
    run() {
      const run = new FakeRun();
      runs.push(run);
      return run;
    },
  });
  let soundAt = START;
  /** Passes time with a picture each 40 ms. */
  const pass = (milliseconds: number) => {
    for (const end = clock.now + milliseconds; clock.now < end; clock.now += 40) {
      track.give(clock.wall());
      for (; soundAt <= clock.wall(); soundAt += AAC_DURATION) sound.give(soundAt);
      publisher.tick();
    }
  };
  return { clock, track, sound, log, runs, publisher, pass };
}

Deno.test("a publisher that is off takes nothing, so that no encoder runs for it", () => {
  const { track, sound, publisher, pass, runs } = setUp();
  assert.equal(publisher.status.state, "off");
  pass(200);
  publisher.start();
  assert.equal(track.consumers.size + sound.consumers.size, 2);
  assert.equal(publisher.status.state, "connecting");
  pass(200);
  publisher.stop();
  assert.equal(track.consumers.size + sound.consumers.size, 0);
  assert.equal(runs[0].isEnding, true);
  assert.deepEqual(publisher.status.state, "off");
});

Deno.test("pictures and sound are published in order, from a key on", () => {
  const { publisher, pass, runs } = setUp();
  publisher.start();
  pass(2_000);
  const [{ items }] = runs;
  const times = items.map(({ timestamp }) => timestamp);
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
  assert.deepEqual([items[0].kind, times[0]], ["sample", 0]);
  const count = (kind: string) => items.filter((item) => item.kind === kind).length;
  assert.ok(count("sample") >= 47 && count("sound sample") >= 90);
});

Deno.test("a target that breaks off is tried again after a pause, and says why meanwhile", async () => {
  const { clock, publisher, pass, runs, log, track, sound } = setUp();
  publisher.start();
  pass(200);
  await runs[0].breakOff();
  const { state, problem, nextTry } = publisher.status;
  assert.deepEqual([state, problem], ["waiting", REASON]);
  assert.ok(nextTry! >= clock.wall() + 800 && nextTry! <= clock.wall() + 1_200);
  assert.equal(track.consumers.size + sound.consumers.size, 0);
  pass(2_000);
  assert.equal(runs.length, 2);
  assert.deepEqual([publisher.status.state, publisher.status.problem], ["connecting", REASON]);
  await runs[1].breakOff();
  assert.deepEqual(log.lines.map((line) => line.split(":")[0]), ["warn", "debug"]);
  pass(4_000);
  runs[2].isLive = true;
  pass(3_000);
  const { state: now, problem: none, kbps } = publisher.status;
  assert.deepEqual([now, none], ["live", null]);
  assert.ok(kbps > 0);
});

Deno.test("another encoding begins another connection when the one before has ended", async () => {
  const { track, publisher, pass, runs } = setUp();
  publisher.start();
  pass(200);
  const { configuration, units } = INVENTED_CLIP;
  track.clip = { configuration: { ...configuration, width: 64 }, units };
  pass(2_000);
  assert.deepEqual([runs.length, runs[0].isEnding], [1, true]);
  await runs[0].breakOff();
  assert.equal(publisher.status.state, "connecting");
  pass(2_000);
  assert.equal(runs.length, 2);
  assert.equal(runs[1].items[0].timestamp, 0);
});

for (const action of ["is switched off", "has failed"]) {
  Deno.test(`a key that waits for sound when a target ${action} begins no other run`, async () => {
    const { clock, track, publisher, pass, runs } = setUp();
    publisher.start();
    pass(200);
    track.give(clock.wall());
    clock.now += 300;
    if (action === "is switched off") publisher.stop();
    await runs[0].breakOff();
    const { state, nextTry } = publisher.status;
    assert.equal(state, action === "is switched off" ? "off" : "waiting");
    // The key's second is over before the next try.
    for (const end = clock.now + 2_000; clock.now < end; clock.now += 100) {
      if (nextTry === null || clock.wall() < nextTry) publisher.tick();
    }
    assert.equal(runs.length, 1);
    assert.equal(publisher.status.state, state);
  });
}
