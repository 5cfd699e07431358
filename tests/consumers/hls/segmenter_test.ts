import assert from "node:assert/strict";
import fc from "fast-check";
import { HlsNames, mediaPlaylist } from "../../../src/consumers/hls/playlist.ts";
import { Segmenter } from "../../../src/consumers/hls/segmenter.ts";
import { HlsTimeline } from "../../../src/consumers/hls/timeline.ts";
import { HlsWindow } from "../../../src/consumers/hls/window.ts";
import { readBoxes } from "../../../src/media/mp4/box_reader.ts";
import { readFragment } from "../../../src/media/mp4/fragment_reader.ts";
import { AAC_DURATION } from "../../../src/streams/aac.ts";
import { INVENTED_CLIP } from "../../support/replayed_track.ts";
import { readPlaylist } from "./read_playlist.ts";

const START = 1_700_000_000_000;
const NAMES = new HlsNames("abc-high");
const { configuration } = INVENTED_CLIP;
const DATA = Uint8Array.of(0, 0, 0, 1, 9);

function stage() {
  const clock = { now: 0 };
  const timeline = new HlsTimeline();
  const window = new HlsWindow(timeline);
  const changes: string[] = [];
  const playlist = (isLowLatency = true) =>
    mediaPlaylist({ segments: window.listed, names: NAMES, isLowLatency });
  const segmenter = new Segmenter({
    ...{ window, timeline, now: () => clock.now },
    onChange: () => changes.push(playlist()),
  });
  const stage = {
    clock,
    window,
    segmenter,
    changes,
    playlist,
    picture: (at: number, isKey: boolean, format = configuration) =>
      segmenter.picture({ at: START + at, data: DATA, isKey }, format),
    sound: (at: number) =>
      segmenter.sound({ at: START + at, duration: AAC_DURATION, data: Uint8Array.of(1, 2) }),
    /** Plays from one time to another in real time, 30 pictures a second. Milliseconds. */
    play(from: number, to: number, { hasSound = true, fps = 30 } = {}) {
      let heard = Math.ceil(from / AAC_DURATION);
      for (let picture = Math.ceil(from * fps / 1_000); picture * 1_000 / fps < to; picture++) {
        const at = picture * 1_000 / fps;
        clock.now = at;
        stage.picture(at, picture % fps === 0);
        for (; hasSound && heard * AAC_DURATION <= at; heard++) stage.sound(heard * AAC_DURATION);
        if (picture % 8 === 0) segmenter.tick();
      }
    },
  };
  return stage;
}

/** Returns what a file says in its fragments. */
function fragmentsOf(bytes: Uint8Array) {
  return readBoxes(bytes).filter(({ type }) => type === "moof")
    .map(({ start, end }) => readFragment(bytes.subarray(start, end))!);
}

Deno.test("a segment begins with each key, and its parts are no longer than the target", () => {
  const { play, playlist } = stage();
  play(0, 6_000);
  const { segments, partTarget, hint, target } = readPlaylist(playlist());
  assert.ok(segments.length >= 5, playlist());
  for (const { seconds, uri } of segments.slice(0, -1)) {
    assert.ok(uri !== null && Math.abs(seconds - 1) < 0.01, `${seconds} s`);
    assert.ok(Math.round(seconds) <= target);
  }
  for (const { seconds, parts } of segments.slice(-4, -1)) {
    assert.equal(parts.length, 3);
    for (const part of parts) assert.ok(part.seconds <= partTarget);
    assert.ok(Math.abs(parts.reduce((sum, part) => sum + part.seconds, 0) - seconds) < 1e-4);
  }
  const last = segments.at(-1)!;
  assert.equal(hint, NAMES.part(last.sequence, last.parts.length));
});

Deno.test("parts within a segment are at least 85 % of the target", () => {
  for (const fps of [30, 25, 24, 20, 15, 12]) {
    const { play, playlist } = stage();
    play(0, 6_000, { fps });
    const { segments, partTarget } = readPlaylist(playlist());
    const within = segments.slice(-4, -1).flatMap(({ parts }) => parts.slice(0, -1));
    assert.ok(within.length >= 6, `${fps} fps: ${playlist()}`);
    for (const { seconds } of within) {
      assert.ok(seconds >= 0.85 * partTarget && seconds <= partTarget, `${fps} fps: ${seconds} s`);
    }
  }
});

Deno.test("a segment is its parts, and pictures and sound follow those of the one before", () => {
  const { play, window } = stage();
  play(0, 5_000);
  const ends = { video: NaN, sound: NaN };
  for (const { parts, data } of window.listed.filter(({ data }) => data !== null)) {
    assert.deepEqual(new Uint8Array(parts.flatMap(({ data }) => [...data])), data);
    for (const { track, time, samples } of fragmentsOf(data!)) {
      if (!Number.isNaN(ends[track])) assert.equal(time, ends[track], track);
      ends[track] = time + samples.reduce((sum, { duration }) => sum + duration, 0);
    }
  }
  assert.ok(Math.abs(ends.video / 90_000 - ends.sound / 48_000) < 0.03, JSON.stringify(ends));
});

Deno.test("the program date and time is that of capture", () => {
  const { play, playlist } = stage();
  play(0, 4_000);
  const times = readPlaylist(playlist()).segments.map(({ at }) => at - START);
  assert.deepEqual(times, [0, 1_000, 2_000, 3_000]);
});

Deno.test("without sound, segments come after two seconds; with it again, after a discontinuity", () => {
  const { play, window } = stage();
  play(0, 4_000, { hasSound: false });
  assert.equal(window.listed[0].initialization.codecs, configuration.codec);
  play(4_000, 8_000);
  const last = window.listed.at(-1)!;
  assert.equal(last.initialization.codecs, `${configuration.codec},mp4a.40.2`);
  assert.equal(window.listed.filter(({ isDiscontinuous }) => isDiscontinuous).length, 1);
});

Deno.test("another size, a gap and a clock that is set are discontinuities with the same numbers before and after", () => {
  const { play, picture, window, segmenter, clock } = stage();
  play(0, 2_000, { hasSound: false });
  segmenter.gap();
  play(5_000, 7_000, { hasSound: false });
  clock.now = 7_100;
  picture(7_100, true, { ...configuration, width: 64 });
  picture(7_300, true, { ...configuration, width: 64 });
  // The clock was set back by an hour.
  picture(7_400 - 3_600_000, true);
  picture(8_400 - 3_600_000, true);
  clock.now = 20_000;
  segmenter.tick();
  const marks = window.listed.map(({ isDiscontinuous, discontinuities }) =>
    `${isDiscontinuous ? "!" : ""}${discontinuities}`
  );
  assert.deepEqual(marks, ["0", "0", "!1", "1", "!2", "!3", "!4"]);
});

Deno.test("pictures that come seldom are listed without parts, which would be too long", () => {
  const { play, playlist } = stage();
  play(0, 6_000, { fps: 1 });
  const { partTarget, segments, uris } = readPlaylist(playlist());
  assert.ok(Number.isNaN(partTarget));
  assert.ok(segments.length > 2 && uris.every((uri) => !/\d\.\d+\.m4s/.test(uri)), `${uris}`);
  assert.match(playlist(), /CAN-BLOCK-RELOAD=YES\n/);
});

type Step =
  | { readonly kind: "play"; readonly milliseconds: number; readonly hasSound: boolean }
  | { readonly kind: "gap" | "clear"; readonly milliseconds: number };

const steps = fc.array(
  fc.oneof<[fc.Arbitrary<Step>, fc.Arbitrary<Step>]>(
    fc.record({
      kind: fc.constant("play" as const),
      milliseconds: fc.integer({ min: 100, max: 4_000 }),
      hasSound: fc.boolean(),
    }),
    fc.record({
      kind: fc.constantFrom("gap" as const, "clear" as const),
      milliseconds: fc.integer({ min: 0, max: 5_000 }),
    }),
  ),
  { minLength: 1, maxLength: 10 },
);

Deno.test("whatever comes, sequences only go forward, what is listed can be fetched and never changes", () => {
  fc.assert(
    fc.property(steps, fc.constantFrom(5, 15, 30), (steps, fps) => {
      const { play, playlist, segmenter, changes, window } = stage();
      let now = 0;
      const bytesOf = new Map<string, string>();
      const numbers = new Map<number, number>();
      let sequence = 0;
      const check = (text: string) => {
        const read = readPlaylist(text);
        if (read.segments.length === 0) return;
        assert.ok(read.mediaSequence >= sequence);
        sequence = read.mediaSequence;
        for (const { seconds, uri, discontinuitySequence, ...segment } of read.segments) {
          if (uri) assert.ok(Math.round(seconds) <= read.target, `${seconds}`);
          const number = numbers.get(segment.sequence) ?? discontinuitySequence;
          assert.equal(discontinuitySequence, number);
          numbers.set(segment.sequence, number);
          assert.ok(segment.map);
          for (const part of segment.parts) assert.ok(part.seconds <= read.partTarget);
        }
      };
      const fetchAll = (text: string) => {
        for (const uri of readPlaylist(text).uris) {
          const file = NAMES.read(uri)!;
          const bytes = file.kind === "initialization"
            ? window.findInitialization(file.number)
            : file.kind === "segment"
            ? window.find(file.sequence)?.data
            : window.find(file.sequence)?.parts[file.part].data;
          assert.ok(bytes, uri);
          const text = String(bytes);
          assert.equal(bytesOf.get(uri) ?? text, text);
          bytesOf.set(uri, text);
        }
      };
      for (const step of steps) {
        if (step.kind === "play") play(now, now + step.milliseconds, { ...step, fps });
        else if (step.kind === "gap") segmenter.gap();
        else segmenter.clear();
        now += step.milliseconds;
        fetchAll(playlist());
        fetchAll(playlist(false));
      }
      changes.forEach(check);
    }),
    { numRuns: 30 },
  );
});
