import assert from "node:assert/strict";
import fc from "fast-check";
import type { Passage } from "../../../src/consumers/passages/passage.ts";
import type { PictureListener } from "../../../src/consumers/passages/picture_feed.ts";
import { Recorder } from "../../../src/consumers/recording/recorder.ts";
import type { SoundConsumer } from "../../../src/streams/sound_consumer.ts";
import { H264, soundAt, START } from "../passages/passages.ts";

/** A recorder with a feed in the test's hands. */
function stage() {
  const files: { readonly isOfMotion: boolean; readonly passages: Passage[] }[] = [];
  let isOpen = false;
  let listener: PictureListener | null = null;
  const feed = { problem: null, running: false, start, stop, tick: () => {} };
  function start() {
    feed.running = true;
  }
  function stop() {
    feed.running = false;
  }
  const ears = new Set<SoundConsumer>();
  const recorder = new Recorder({
    feed: (taken) => {
      listener = taken;
      return feed;
    },
    sound: { record: (one) => void ears.add(one), stopRecording: (one) => void ears.delete(one) },
    writer: {
      write(passage, isOfMotion) {
        if (!isOpen) files.push({ isOfMotion, passages: [] });
        isOpen = true;
        files.at(-1)!.passages.push(passage);
      },
      end: () => void (isOpen = false),
    },
    clock: { wall: () => START, monotonic: () => 0 },
  });
  return {
    ...{ recorder, files, feed, ears },
    picture(at: number) {
      const picture = { at: START + at, data: new Uint8Array(1), isKey: at % 1_000 === 0 };
      if (feed.running) listener!.picture(picture, H264);
    },
  };
}

/** Returns from when to when a file shows pictures. */
function spanOf({ passages }: { readonly passages: readonly Passage[] }): [number, number] {
  return [passages[0].pictures[0].at - START, passages.at(-1)!.to - START];
}

/** Joins spans that follow each other without a gap. */
function joined(spans: readonly [number, number][]): [number, number][] {
  const all: [number, number][] = [];
  for (const [from, to] of spans) {
    const last = all.at(-1);
    if (last?.[1] === from) last[1] = to;
    else all.push([from, to]);
  }
  return all;
}

Deno.test("recorder records everything, from when it is told to until it is not any more", () => {
  const { recorder, files, feed, ears, picture } = stage();
  picture(0);
  recorder.record("always");
  assert.equal(ears.size, 1);
  for (let at = 1_000; at < 4_000; at += 40) picture(at);
  recorder.record("off");
  assert.equal(ears.size, 0);
  assert.equal(feed.running, false);
  assert.deepEqual(files.map(spanOf), [[1_000, 3_960 + 33]]);
});

Deno.test("recorder keeps the sound with the pictures", () => {
  const { recorder, files, picture } = stage();
  recorder.record("always");
  for (let at = 0; at < 3_000; at += 40) {
    picture(at);
    for (const sound of [at, at + 20]) recorder.deliver(soundAt(START + sound));
  }
  recorder.record("off");
  const sound = files[0].passages.flatMap(({ sound }) => sound.map(({ at }) => at - START));
  assert.deepEqual(sound, Array.from({ length: 150 }, (_, index) => index * 20));
});

Deno.test("recorder records what moves, with 5 s before and after it, and nothing twice", () => {
  fc.assert(fc.property(
    fc.array(fc.nat({ max: 59_900 }), { maxLength: 5 }),
    fc.nat({ max: 2_000 }),
    (moments, delay) => {
      const { recorder, files, picture } = stage();
      recorder.record("motion");
      const moved = moments.map((at) => at - at % 100);
      for (let at = 0; at < 80_000; at += 20) {
        if (at % 40 === 0) picture(at);
        // Motion is noticed while the pictures of its time are still in the encoder, or later.
        if (moved.includes(at - delay + delay % 20)) recorder.moved(START + at);
      }
      recorder.record("off");
      assert.ok(files.every(({ isOfMotion }) => isOfMotion));
      const spans = files.map(spanOf);
      // A file may begin where the one before ends, if motion was noticed just after that.
      const shown = joined(spans);
      for (const at of moved) {
        const span = shown.find(([from, to]) => from <= at && at < to);
        assert.ok(span, `${at} ms is in no file`);
        assert.ok(span[0] <= Math.max(0, at - 5_000), `${at} ms: nothing before it`);
        assert.ok(span[1] >= at + 5_000, `${at} ms: nothing after it`);
      }
      for (let i = 1; i < spans.length; i++) assert.ok(spans[i][0] >= spans[i - 1][1]);
      const total = spans.reduce((sum, [from, to]) => sum + to - from, 0);
      assert.ok(total <= moved.length * 16_000, `${total} ms for ${moved.length} moments`);
    },
  ));
});
