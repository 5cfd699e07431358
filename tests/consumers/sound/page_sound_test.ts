import assert from "node:assert/strict";
import { PageSound } from "../../../src/consumers/sound/page_sound.ts";
import { SoundStream } from "../../../src/streams/sound_stream.ts";
import { soundPacket } from "../../support/fake_sound.ts";

class Page {
  readonly messages: Uint8Array[] = [];

  sendBytes(message: Uint8Array): void {
    this.messages.push(message);
  }
}

function start(pages = 0) {
  const time = { now: 0 };
  const clock = { wall: () => time.now, monotonic: () => time.now };
  const stream = new SoundStream();
  stream.isOpen = true;
  const sound = new PageSound<Page>(stream, clock);
  const joined = Array.from({ length: pages }, () => new Page());
  for (const page of joined) sound.join(page);
  return { stream, sound, pages: joined, time };
}

const HEARD = { ago: 0, buffered: 60, gaps: 0, offset: null };

Deno.test("page sound sends all pages the same bytes", () => {
  const { stream, pages: [one, other] } = start(2);
  stream.publish(soundPacket(1));
  assert.equal(one.messages.length, 1);
  assert.equal(one.messages[0], other.messages[0]);
});

Deno.test("page sound sends a page nothing before it listens and after it left", () => {
  const { stream, sound } = start();
  const page = new Page();
  stream.publish(soundPacket(1));
  sound.join(page);
  sound.join(page);
  stream.publish(soundPacket(2));
  assert.equal(stream.listeners, 1);
  sound.leave(page);
  sound.leave(page);
  stream.publish(soundPacket(3));
  assert.equal(page.messages.length, 1);
  assert.equal(stream.listeners, 0);
  assert.equal(sound.hearingOf(page), null);
});

for (
  const [pages, packets] of [[1, 1], [100, 1], [101, 2], [200, 2], [201, 3], [400, 4], [1000, 4]]
) {
  Deno.test(`page sound sends ${pages} pages ${packets} packets at once`, () => {
    const { stream, pages: [page] } = start(pages);
    for (let i = 1; i <= 12; i++) stream.publish(soundPacket(i));
    assert.equal(page.messages.length, 12 / packets);
    assert.equal(page.messages[0][1], packets);
  });
}

Deno.test("page sound sends nothing that came before the sound was closed", () => {
  const { stream, sound, pages: [page] } = start(101);
  stream.publish(soundPacket(1));
  stream.isOpen = false;
  stream.isOpen = true;
  stream.publish(soundPacket(2));
  assert.equal(page.messages.length, 0);
  // A page that is behind has packets kept back.
  for (let i = 3; i <= 120; i++) stream.publish(soundPacket(i));
  const sent = page.messages.length;
  stream.isOpen = false;
  sound.heard(page, { ...HEARD, sequence: 60 });
  assert.equal(page.messages.length, sent);
});

Deno.test("page sound knows the bits that a page gets, none while the sound is closed", () => {
  const { stream, sound, pages: [page] } = start(1);
  assert.equal(sound.bitsOf(page), 0);
  const data = new Uint8Array(120);
  for (let i = 1; i <= 50; i++) stream.publish(soundPacket(i, { data }));
  // 20 bytes of head and 2 of length, 56 of TCP/IP and WebSocket, fifty times a second.
  assert.equal(Math.round(sound.bitsOf(page)), (120 + 22 + 56) * 8 * 50);
  stream.isOpen = false;
  assert.equal(sound.bitsOf(page), 0);
});

Deno.test("page sound counts what was dropped and interrupted, also of pages that left", () => {
  const { stream, sound, pages: [page], time } = start(1);
  for (let i = 1; i <= 200; i++) {
    time.now += 20;
    stream.publish(soundPacket(i));
  }
  sound.heard(page, { ...HEARD, sequence: 1, gaps: 2, offset: 31.6 });
  const { dropped, gaps, offset } = sound.hearingOf(page)!;
  assert.ok(dropped > 50, `${dropped}`);
  assert.deepEqual([gaps, offset], [2, 32]);
  assert.deepEqual(sound.totals, { dropped, gaps: 2 });
  sound.leave(page);
  sound.heard(page, { ...HEARD, sequence: 2, gaps: 9 });
  assert.deepEqual(sound.totals, { dropped, gaps: 2 });
  assert.deepEqual(sound.hearings, []);
});

/** The number of the first packet in a message. */
const sequenceOf = (message: Uint8Array) =>
  Number(new DataView(message.buffer, message.byteOffset).getBigUint64(4));

Deno.test("page sound gives a page another stream, numbered as if it were the same", () => {
  const { stream, sound, pages: [page, other] } = start(2);
  const replayed = new SoundStream();
  replayed.isOpen = true;
  for (let i = 1; i <= 3; i++) stream.publish(soundPacket(i));
  sound.follow(page, replayed);
  sound.follow(page, replayed);
  assert.equal(replayed.listeners, 1);
  replayed.publish(soundPacket(1, { at: 77 }));
  stream.publish(soundPacket(4));
  replayed.publish(soundPacket(2, { at: 97 }));
  sound.follow(page, null);
  replayed.publish(soundPacket(3, { at: 117 }));
  stream.publish(soundPacket(5));
  assert.equal(replayed.listeners, 0);
  assert.deepEqual(page.messages.map(sequenceOf), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(other.messages.map(sequenceOf), [1, 2, 3, 4, 5]);
  assert.equal(new DataView(page.messages[3].buffer).getFloat64(12), 77);
});

Deno.test("page sound does not count the time since the past as delay", () => {
  const { sound, pages: [page], time } = start(1);
  const replayed = new SoundStream();
  replayed.isOpen = true;
  sound.follow(page, replayed);
  time.now = 50_000;
  replayed.publish(soundPacket(1, { at: 20_000, due: 49_990 }));
  time.now += 30;
  sound.heard(page, { ...HEARD, sequence: 1 });
  // 10 ms before it left, 15 ms on the way and 60 ms in the page.
  assert.equal(sound.hearingOf(page)?.delay, 85);
});

Deno.test("page sound lets go of a stream when its page leaves", () => {
  const { sound, pages: [page] } = start(1);
  const replayed = new SoundStream();
  sound.follow(page, replayed);
  sound.leave(page);
  assert.equal(replayed.listeners, 0);
  sound.follow(page, replayed);
  assert.equal(replayed.listeners, 0);
});
