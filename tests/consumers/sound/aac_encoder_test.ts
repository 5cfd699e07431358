import assert from "node:assert/strict";
import { AacEncoder } from "../../../src/consumers/sound/aac_encoder.ts";
import { silence } from "../../../src/media/opus.ts";
import { AAC_DURATION, type AacPacket } from "../../../src/streams/aac.ts";
import { SoundStream } from "../../../src/streams/sound_stream.ts";
import { FakeTime } from "../../support/fake_time.ts";

const SOUND = Uint8Array.of(1, 2, 3);

/** Wall time when the monotonic clock was 0. */
const BEGUN = 1_000_000;

/** An encoder that gives a frame for each 1,024 samples, a while after they came. */
class FakeEncoder {
  isRunning = false;
  /** Whether its ffmpeg works. */
  works = true;
  starts = 0;
  readonly ended = Promise.resolve();
  readonly #onFrame: (frame: Uint8Array<ArrayBuffer>, at: number) => void;
  readonly #delay: number;
  #next: number | null = null;
  #run = 0;

  constructor(onFrame: (frame: Uint8Array<ArrayBuffer>, at: number) => void, delay: number) {
    this.#onFrame = onFrame;
    this.#delay = delay;
  }

  start(): void {
    if (!this.isRunning) this.starts++;
    this.isRunning = true;
  }

  stop(): void {
    this.isRunning = false;
    this.#next = null;
    this.#run++;
  }

  encode(_: Uint8Array, at: number): void {
    assert(this.isRunning);
    if (!this.works) return;
    // Sound that was missing between packets is missing in the frames, too.
    if (this.#next === null || Math.abs(at - this.#next) > 100) this.#next = at;
    for (; this.#next + AAC_DURATION <= at + 20; this.#next += AAC_DURATION) {
      const time = this.#next;
      const run = this.#run;
      setTimeout(() => {
        if (run === this.#run) this.#onFrame(SOUND, time);
      }, this.#delay);
    }
  }
}

function setUp({ delay = 100, late = 60 } = {}) {
  const time = new FakeTime();
  const sound = new SoundStream();
  sound.isOpen = true;
  let skew = 0;
  const wall = () => BEGUN + time.now + skew;
  let fake!: FakeEncoder;
  const encoder = new AacEncoder({
    createEncoder: (onFrame) => fake = new FakeEncoder(onFrame, delay),
    sound,
    clock: { monotonic: () => time.now, wall },
  });
  const packets: AacPacket[] = [];
  /** How late each came. */
  const delays: number[] = [];
  const consumer = {
    deliver: (packet: AacPacket) => {
      packets.push(packet);
      delays.push(wall() - packet.at);
    },
  };
  return {
    ...{ time, sound, encoder, consumer, packets, delays, fake },
    setClock: (milliseconds: number) => void (skew += milliseconds),
    /** Gives sound for so long. */
    play(milliseconds: number): void {
      for (let passed = 0; passed < milliseconds; passed += 20) {
        time.tick(20);
        const at = wall() - late - 20;
        const data = silence(2);
        sound.publish({ track: "sound", sequence: 0, isKey: true, duration: 20, at, data });
      }
    },
    kinds: () => packets.map(({ data }) => data === SOUND ? "x" : ".").join(""),
    assertUnbroken(): void {
      for (const [i, { at }] of packets.entries()) {
        assert(Math.abs(at - packets[0].at - i * AAC_DURATION) < 1e-3, `packet ${i}`);
      }
      assert(Math.max(...delays) <= 500, `${Math.max(...delays)} ms late`);
    },
  };
}

Deno.test("AAC track does nothing until somebody joins, and nothing after everyone has left", () => {
  const { time, sound, encoder, consumer, packets, play, fake } = setUp();
  using _ = time;
  play(1_000);
  assert.equal(sound.isWanted, false);
  assert.equal(time.timers, 0);
  encoder.join(consumer);
  encoder.join(consumer);
  assert.equal(sound.isWanted, true);
  assert.equal(sound.listeners, 0);
  play(1_000);
  encoder.leave(consumer);
  const before = packets.length;
  assert.equal(sound.isWanted, false);
  assert.equal(fake.isRunning, false);
  play(1_000);
  encoder.leave(consumer);
  assert.equal(packets.length, before);
  assert.equal(time.timers, 0);
});

Deno.test("AAC track is silence without sound, as soon as its time is over, and runs no ffmpeg", () => {
  const { time, encoder, consumer, kinds, delays, assertUnbroken, fake } = setUp();
  using _ = time;
  encoder.join(consumer);
  time.tick(10_000);
  assert(Math.abs(kinds().length - 10_000 / AAC_DURATION) <= 2);
  assert(/^\.+$/.test(kinds()));
  assert(Math.max(...delays) <= 40 + AAC_DURATION);
  assertUnbroken();
  assert.equal(fake.starts, 0);
  encoder.leave(consumer);
});

Deno.test("AAC track goes from silence to sound, to a mute, and to sound again without a hole", () => {
  const { time, sound, encoder, consumer, kinds, play, assertUnbroken, fake } = setUp();
  using _ = time;
  encoder.join(consumer);
  time.tick(1_000);
  play(2_000);
  sound.isOpen = false;
  assert.equal(fake.isRunning, false);
  play(2_000);
  sound.isOpen = true;
  play(2_000);
  assert(/^\.{46,50}x{80,95}\.{88,105}x{80,95}$/.test(kinds()), kinds());
  assertUnbroken();
  encoder.leave(consumer);
});

Deno.test("AAC track stops ffmpeg once its source gives nothing, and starts it when it does", () => {
  const { time, encoder, consumer, kinds, play, assertUnbroken, fake } = setUp();
  using _ = time;
  encoder.join(consumer);
  play(1_000);
  time.tick(800);
  assert.equal(fake.isRunning, true);
  time.tick(300);
  assert.equal(fake.isRunning, false);
  time.tick(5_000);
  play(1_000);
  assert.equal(fake.starts, 2);
  assert(/^\.*x+\.+x+$/.test(kinds()), kinds());
  assertUnbroken();
  encoder.leave(consumer);
});

Deno.test("AAC track is silence while ffmpeg gives nothing, at most half a second late", () => {
  const { time, encoder, consumer, kinds, play, assertUnbroken, fake } = setUp();
  using _ = time;
  encoder.join(consumer);
  play(2_000);
  fake.works = false;
  play(3_000);
  fake.works = true;
  play(2_000);
  assert(/x\.{120,160}x{70,95}$/.test(kinds()), kinds());
  assertUnbroken();
  encoder.leave(consumer);
});

Deno.test("AAC track waits for sound that always comes a second late", () => {
  const { time, encoder, consumer, kinds, delays, play } = setUp({ late: 1_000 });
  using _ = time;
  encoder.join(consumer);
  play(5_000);
  assert(/^\.*x{150,}$/.test(kinds()), kinds());
  assert(Math.max(...delays) <= 1_400);
  encoder.leave(consumer);
});

Deno.test("AAC track goes on where somebody sets the clock", () => {
  for (const change of [3_600_000, -3_600_000]) {
    const { time, encoder, consumer, packets, play, kinds, setClock } = setUp();
    using _ = time;
    encoder.join(consumer);
    play(1_000);
    setClock(change);
    const before = packets.length;
    play(2_000);
    const after = kinds().slice(before);
    assert(/x{70,}$/.test(after), after);
    assert(packets.length - before <= 2_000 / AAC_DURATION + 1);
    encoder.leave(consumer);
  }
});

Deno.test("AAC track takes what was encoded while the program could not run, before it gives silence", () => {
  let stalled = 0;
  const { time, sound } = setUp();
  using _ = time;
  let give!: (frame: Uint8Array<ArrayBuffer>, at: number) => void;
  const encoder = new AacEncoder({
    createEncoder: (onFrame) => {
      give = onFrame;
      return { start() {}, encode() {}, stop() {}, ended: Promise.resolve() };
    },
    sound,
    clock: { monotonic: () => time.now + stalled, wall: () => time.now + stalled },
  });
  const kinds: string[] = [];
  const taking = {
    deliver: ({ data }: AacPacket) => void kinds.push(data === SOUND ? "x" : "."),
  };
  encoder.join(taking);
  sound.publish({
    ...{ track: "sound", sequence: 0, isKey: true, duration: 20, at: 0, data: silence(2) },
  });
  stalled = 900;
  time.tick(40);
  for (let i = 0; i < 40; i++) give(SOUND, i * AAC_DURATION);
  time.tick(40);
  assert.equal(kinds.join(""), "x".repeat(40));
  encoder.leave(taking);
});
