import assert from "node:assert/strict";
import fc from "fast-check";
import type { Passage } from "../../../src/consumers/passages/passage.ts";
import { PassageBuilder } from "../../../src/consumers/passages/passage_builder.ts";
import { H264, JPEG, soundAt, START } from "./passages.ts";

function build() {
  const passages: Passage[] = [];
  const time = { now: 0 };
  const builder = new PassageBuilder((passage) => passages.push(passage), () => time.now);
  return { passages, time, builder };
}

const picture = (at: number, isKey: boolean) => ({
  at: START + at,
  data: new Uint8Array(1),
  isKey,
});

Deno.test("passage begins with each key and ends where the next one begins", () => {
  const { passages, builder } = build();
  for (let at = 0; at <= 2_000; at += 40) builder.picture(picture(at, at % 1_000 === 0), H264);
  assert.deepEqual(passages.map(({ pictures, to }) => [pictures[0].at, to]), [
    [START, START + 1_000],
    [START + 1_000, START + 2_000],
  ]);
});

Deno.test("passage of JPEGs lasts about a second", () => {
  const { passages, builder } = build();
  for (let at = 0; at < 3_000; at += 40) builder.picture(picture(at, true), JPEG);
  assert.deepEqual(passages.map(({ pictures }) => pictures.length), [25, 25]);
});

Deno.test("passage waits for its sound, but not for long", () => {
  const { passages, builder, time } = build();
  builder.sound(soundAt(START + 500));
  builder.picture(picture(0, true), H264);
  builder.picture(picture(500, false), H264);
  builder.picture(picture(1_000, true), H264);
  assert.equal(passages.length, 0);
  builder.sound(soundAt(START + 980));
  builder.sound(soundAt(START + 1_000));
  assert.deepEqual(passages[0].sound.map(({ at }) => at - START), [500, 980]);
  builder.picture(picture(1_500, false), H264);
  builder.picture(picture(2_000, true), H264);
  assert.equal(passages.length, 1);
  time.now = 300;
  builder.tick();
  assert.deepEqual(passages[1].sound.map(({ at }) => at - START), [1_000]);
});

Deno.test("passages hold every picture and every packet of sound once, in order, whatever comes when", () => {
  fc.assert(fc.property(
    fc.array(fc.nat({ max: 150 }), { minLength: 40, maxLength: 40 }),
    fc.nat({ max: 900 }),
    (jitter, lag) => {
      const { passages, builder, time } = build();
      const events = [
        ...Array.from(
          { length: 100 },
          (_, i) => ({ at: i * 40, arrives: i * 40 + jitter[i % 40] }),
        ),
      ].map((event) => ({ ...event, isSound: false }));
      // Pictures come in order.
      let last = 0;
      for (const event of events) last = event.arrives = Math.max(last, event.arrives);
      const sounds = Array.from({ length: 200 }, (_, i) => ({
        ...{ at: i * 20, arrives: i * 20 + lag, isSound: true },
      }));
      const all = [...events, ...sounds].sort((one, other) => one.arrives - other.arrives);
      for (const { at, arrives, isSound } of all) {
        time.now = arrives;
        builder.tick();
        if (isSound) builder.sound(soundAt(START + at));
        else builder.picture(picture(at, at % 1_000 === 0), H264);
      }
      builder.flush();
      assert.deepEqual(
        passages.flatMap(({ pictures }) => pictures.map(({ at }) => at - START)),
        events.map(({ at }) => at),
      );
      const heard = passages.flatMap(({ sound }) => sound.map(({ at }) => at - START));
      const end = passages.at(-1)!.to - START;
      assert.deepEqual(heard, sounds.map(({ at }) => at).filter((at) => at < end));
    },
  ));
});
