import assert from "node:assert/strict";
import { Emitter } from "../../src/events.ts";
import type { SoundPacket } from "../../src/media/packet.ts";
import { SoundStream } from "../../src/streams/sound_stream.ts";
import { soundPacket } from "../support/fake_sound.ts";

function listener() {
  const sequences: number[] = [];
  return { sequences, deliver: ({ sequence }: SoundPacket) => void sequences.push(sequence) };
}

Deno.test("sound stream gives nothing until it is opened, and numbers what it gives", () => {
  const stream = new SoundStream();
  const page = listener();
  stream.join(page);
  stream.publish(soundPacket(70));
  stream.isOpen = true;
  stream.publish(soundPacket(71));
  stream.isOpen = false;
  stream.publish(soundPacket(72));
  stream.isOpen = true;
  stream.publish(soundPacket(99));
  assert.deepEqual(page.sequences, [1, 2]);
  assert.equal(stream.packets, 2);
});

Deno.test("sound stream counts a consumer once for each of its listeners, and gives it each packet once", () => {
  const stream = new SoundStream();
  stream.isOpen = true;
  const counts: number[] = [];
  stream.events.on("listeners", (count) => counts.push(count));
  const pages = listener();
  stream.leave(pages);
  stream.join(pages);
  stream.join(pages);
  stream.publish(soundPacket(1));
  stream.leave(pages);
  stream.publish(soundPacket(2));
  stream.leave(pages);
  stream.leave(pages);
  stream.publish(soundPacket(3));
  assert.deepEqual(counts, [1, 2, 1, 0]);
  assert.deepEqual(pages.sequences, [1, 2]);
  assert.equal(stream.listeners, 0);
});

Deno.test("sound stream says when it closes, and only then", () => {
  const stream = new SoundStream();
  let closed = 0;
  stream.events.on("close", () => closed++);
  for (const isOpen of [false, true, true, false, false]) stream.isOpen = isOpen;
  assert.equal(closed, 1);
});

Deno.test("sound stream gives a packet to the others when one consumer throws", () => {
  const { onError } = Emitter;
  const errors: unknown[] = [];
  Emitter.onError = (error) => errors.push(error);
  try {
    const stream = new SoundStream();
    stream.isOpen = true;
    const page = listener();
    const error = new Error("full");
    stream.join({
      deliver() {
        throw error;
      },
    });
    stream.join(page);
    stream.publish(soundPacket(1));
    assert.deepEqual([page.sequences, errors], [[1], [error]]);
  } finally {
    Emitter.onError = onError;
  }
});

Deno.test("sound stream gives a recorder what there is, and counts no listener for it", () => {
  const stream = new SoundStream();
  const recorder = listener();
  stream.record(recorder);
  stream.publish(soundPacket(1));
  stream.isOpen = true;
  stream.publish(soundPacket(2));
  assert.equal(recorder.sequences.length, 1);
  assert.deepEqual([stream.listeners, stream.isWanted], [0, false]);
});

Deno.test("sound stream is wanted while somebody listens, or while it is recorded", () => {
  const stream = new SoundStream();
  const changes: boolean[] = [];
  stream.events.on("wanted", (isWanted) => changes.push(isWanted));
  const [page, recorder] = [listener(), listener()];
  stream.record(recorder, { isWanted: true });
  stream.join(page);
  stream.leave(page);
  assert.deepEqual([stream.listeners, stream.isWanted], [0, true]);
  stream.stopRecording(recorder);
  stream.isOpen = true;
  stream.publish(soundPacket(1));
  assert.deepEqual(recorder.sequences, []);
  assert.deepEqual(changes, [true, false]);
});
