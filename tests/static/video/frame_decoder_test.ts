/// <reference lib="dom" />
import assert from "node:assert/strict";
import { FrameDecoder } from "../../../static/js/video/frame_decoder.js";
import type { VideoPacket } from "../../../static/js/video/video_packet.js";

type Output = (frame: VideoFrame) => void;

/** Stands in for the browser's decoder, which gives a frame when the test says so. */
class FakeDecoder {
  static all: FakeDecoder[] = [];
  state = "unconfigured";
  queue: number[] = [];
  /** Whether packets leave the queue without a frame. */
  isSilent = false;
  constructor(readonly events: { output: Output; error: () => void }) {
    FakeDecoder.all.push(this);
  }
  static isConfigSupported() {
    return Promise.resolve({ supported: true });
  }
  get decodeQueueSize() {
    return this.queue.length;
  }
  configure() {
    this.state = "configured";
  }
  decode({ timestamp }: { timestamp: number }) {
    if (!this.isSilent) this.queue.push(timestamp);
  }
  reset() {
    this.state = "unconfigured";
    this.queue = [];
  }
  close() {
    this.state = "closed";
  }
  give() {
    const timestamp = this.queue.shift()!;
    this.events.output({ timestamp, close() {} } as VideoFrame);
  }
  fail() {
    this.state = "closed";
    this.events.error();
  }
}

const CONFIGURATION = {
  record: new Uint8Array([1, 66, 192, 31]),
  codec: "avc1.42c01f",
  width: 32,
  height: 16,
};

function packet(index: number, isKey = false): VideoPacket {
  return {
    ...{ index, isKey, sequence: index, at: 0, quality: "45", data: new Uint8Array(1) },
    configuration: isKey ? CONFIGURATION : null,
  };
}

function setUp() {
  FakeDecoder.all = [];
  const chunk = function (options: object) {
    return options;
  };
  Object.assign(globalThis, { VideoDecoder: FakeDecoder, EncodedVideoChunk: chunk });
  const shown: number[] = [];
  let failures = 0;
  let now = 0;
  const decoder = new FrameDecoder({
    clock: { monotonic: () => now },
    onFrame: (_, { index }) => shown.push(index),
    onFailure: () => failures++,
  });
  return {
    decoder,
    shown,
    failures: () => failures,
    fake: () => FakeDecoder.all.at(-1)!,
    wait: (milliseconds: number) => now += milliseconds,
  };
}

Deno.test("the frame decoder begins with a key packet and drops what follows a gap", () => {
  const { decoder, shown, fake } = setUp();
  decoder.push(packet(1));
  for (const next of [packet(2, true), packet(3), packet(5), packet(6), packet(7, true)]) {
    decoder.push(next);
  }
  while (fake().queue.length > 0) fake().give();
  assert.deepEqual(shown, [2, 3, 7]);
});

Deno.test("the frame decoder, interrupted, shows nothing older", () => {
  const { decoder, shown, fake } = setUp();
  decoder.push(packet(1, true));
  decoder.interrupt();
  assert.equal(fake().queue.length, 0);
  decoder.push(packet(2));
  decoder.push(packet(3, true));
  fake().give();
  assert.deepEqual(shown, [3]);
});

Deno.test("the frame decoder of a slow device goes on with the next key packet", () => {
  const { decoder, shown, fake } = setUp();
  decoder.push(packet(1, true));
  for (let index = 2; index <= 20; index++) decoder.push(packet(index));
  assert(fake().queue.length <= 6);
  decoder.push(packet(21, true));
  while (fake().queue.length > 0) fake().give();
  assert.deepEqual(shown.at(-1), 21);
});

Deno.test("the frame decoder gives up a device that is too slow again and again", () => {
  // Seconds between the key packets of which the device decodes too few.
  const overflowsAt = (pause: number, seconds: number) => {
    const { decoder, failures, wait } = setUp();
    for (let second = 0, index = 1; second < seconds; second += pause) {
      for (let i = 0; i < 30; i++) decoder.push(packet(index++, i === 0));
      wait(1000 * pause);
      if (failures() > 0) return second;
    }
    return Infinity;
  };
  assert.equal(overflowsAt(1, 60), 7);
  assert.equal(overflowsAt(5, 600), Infinity);
});

Deno.test("the frame decoder gives up after three errors in a row", () => {
  const { decoder, failures, fake } = setUp();
  for (const index of [1, 2]) {
    decoder.push(packet(index, true));
    fake().fail();
  }
  decoder.push(packet(3, true));
  fake().give();
  for (const index of [4, 5, 6]) {
    assert.equal(failures(), 0);
    decoder.push(packet(index, true));
    fake().fail();
  }
  assert.equal(failures(), 1);
});

Deno.test("the frame decoder gives up a decoder that takes packets and gives no frames", () => {
  const { decoder, failures, fake } = setUp();
  for (let index = 1; failures() === 0; index++) {
    assert(index < 300);
    decoder.push(packet(index, index % 30 === 1));
    fake().isSilent = true;
    fake().queue = [];
  }
  assert(FakeDecoder.all.length >= 3);
});

Deno.test("the frame decoder forgets packets that the decoder left out", () => {
  const { decoder, shown, failures, fake } = setUp();
  for (let index = 1; index <= 600; index++) {
    decoder.push(packet(index, index % 30 === 1));
    if (index % 3 === 0) fake().give();
    else fake().queue.pop();
  }
  assert.equal(shown.length, 200);
  assert.equal(failures(), 0);
  assert.equal(FakeDecoder.all.length, 1);
});
