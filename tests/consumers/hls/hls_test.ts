import assert from "node:assert/strict";
import { Hls } from "../../../src/consumers/hls/hls.ts";
import { FakeTime } from "../../support/fake_time.ts";
import { INVENTED_CLIP, ReplayedTrack, tracksOf } from "../../support/replayed_track.ts";

/** HLS of two tracks, at a time that the test sets. */
function stage() {
  const time = { now: 0 };
  const clock = { wall: () => 1_700_000_000_000 + time.now, monotonic: () => time.now };
  const [best, small] = [new ReplayedTrack(INVENTED_CLIP), new ReplayedTrack(INVENTED_CLIP)];
  const hls = new Hls({ tracks: tracksOf(best, small), aac: null, prefix: "01234567", clock });
  return {
    ...{ hls, best, small },
    /** Plays so many seconds: one picture of each track that can be had, which is a key. */
    play(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        time.now += 1_000;
        for (const track of [best, small]) if (track.isAvailable) track.give(clock.wall());
        hls.tick();
      }
    },
    newest: () => hls.renditions.map(({ window }) => window.listed.at(-1)?.at ?? 0),
    joined: () => [best.consumers.size, small.consumers.size],
  };
}

Deno.test("when one encoder is lost, the other one makes both renditions", () => {
  const { hls, best, small, play, newest, joined } = stage();
  hls.hold();
  play(5);
  assert.deepEqual(joined(), [1, 1]);
  best.isAvailable = false;
  play(5);
  assert.deepEqual(joined(), [0, 2]);
  assert.equal(newest()[0], newest()[1]);
  best.isAvailable = true;
  small.isAvailable = false;
  play(5);
  assert.deepEqual(joined(), [2, 0]);
});

Deno.test("after all encoders rested, the small one makes both renditions for some minutes", () => {
  const { hls, best, small, play, newest, joined } = stage();
  hls.hold();
  play(5);
  best.isAvailable = small.isAvailable = false;
  play(2);
  const before = newest();
  best.isAvailable = small.isAvailable = true;
  play(5);
  assert.deepEqual(joined(), [0, 2]);
  newest().forEach((at, i) => assert.ok(at > before[i]));
  for (const { window } of hls.renditions) {
    assert.equal(window.listed.filter(({ isDiscontinuous }) => isDiscontinuous).length, 1);
  }
  play(400);
  assert.deepEqual(joined(), [1, 1]);
});

Deno.test("players begin with one rendition if the other one does not come", () => {
  const { hls, small, play } = stage();
  // An encoder that gives nothing.
  small.join = () => {};
  hls.hold();
  play(4);
  assert.ok(!hls.isReady);
  play(2);
  assert.ok(hls.isReady);
});

/** Returns the peaks that a multivariant playlist names. */
function peaksIn(playlist: string): number[] {
  return [...playlist.matchAll(/:BANDWIDTH=(\d+)/g)].map(([, peak]) => Number(peak));
}

Deno.test("the peaks of the renditions are those of the encoders, though the card takes next to nothing", () => {
  const { hls, play } = stage();
  hls.hold();
  play(3);
  const first = hls.steadyMultivariant;
  play(20);
  for (const playlist of [first, hls.multivariant]) {
    const [high, low, ...others] = peaksIn(playlist);
    assert.equal(others.length, 0);
    assert.ok(high >= 2_628_000 && high < 3_500_000, playlist);
    assert.ok(low >= 828_000 && low < 1_100_000, playlist);
  }
  assert.equal(hls.steadyMultivariant, first);
  assert.match(hls.multivariant, /AVERAGE-BANDWIDTH=\d{2,4},/);
});

Deno.test("the peaks of the renditions grow with the frame size", () => {
  const { hls, best, play } = stage();
  const { configuration, units } = INVENTED_CLIP;
  best.clip = { units, configuration: { ...configuration, width: 2_560, height: 1_440 } };
  hls.hold();
  play(3);
  const [high, low] = peaksIn(hls.multivariant);
  // Four times the pixels take 2.8 times the bits.
  assert.ok(high >= 7_000_000, `${high}`);
  assert.ok(low >= 1_980_000, `${low}`);
});

Deno.test("nobody waits any more once HLS stops, whether it runs or not", async () => {
  using time = new FakeTime();
  const { hls } = stage();
  for (const runs of [true, false]) {
    if (runs) hls.use();
    const waiting = [hls.until(() => false, 10_000), hls.until(() => hls.isReady, 3_000)];
    assert.equal(time.timers, 2);
    hls.stop();
    assert.deepEqual(await Promise.all(waiting), [false, false]);
    assert.equal(time.timers, 0);
  }
});
