import assert from "node:assert/strict";
import fc from "fast-check";
import { PageListener } from "../../../src/consumers/sound/page_listener.ts";
import { type SoundBatch, SoundBatcher } from "../../../src/consumers/sound/sound_batcher.ts";
import { soundPacket } from "../../support/fake_sound.ts";

const PACKET_MS = 20;
const REPORT_MS = 250;

/** When a page has what was sent at `sentAt`, over a link that is free at `freeAt`. Milliseconds. */
type Link = (sentAt: number, freeAt: number) => number;

/** A link with a delay in each direction, which carries so many packets a second. */
const link = (delay: number, packetsPerSecond = Infinity): Link => (sentAt, freeAt) =>
  Math.max(sentAt + delay, freeAt) + 1000 / packetsPerSecond;

/** A page at the other end of a simulated link, and a server that sends it a packet each 20 ms. */
class Simulation {
  now = 0;
  readonly arrived: { readonly sequence: number; readonly at: number; readonly late: number }[] =
    [];
  readonly listener: PageListener;
  mostKept = 0;
  #sequence = 0;
  #freeAt = 0;
  #underWay: { readonly sequence: number; readonly sentAt: number; readonly at: number }[] = [];
  #reports: { readonly at: number; readonly sequence: number; readonly ago: number }[] = [];
  #reportedAt = -Infinity;
  readonly #batches = new Map<Uint8Array, SoundBatch>();

  constructor(public link: Link, public back: number) {
    const clock = { wall: () => 1000 + this.now, monotonic: () => this.now };
    this.listener = new PageListener((message) => this.#send(message), clock);
  }

  /** Runs for some time, in steps of a millisecond. */
  run(milliseconds: number): this {
    const batcher = new SoundBatcher(() => 1);
    for (const end = this.now + milliseconds; this.now < end; this.now++) {
      this.#arrive();
      if (this.now % PACKET_MS !== 0) continue;
      const [batch] = batcher.add(soundPacket(++this.#sequence, { at: 1000 + this.now }));
      this.#batches.set(batch.message, batch);
      this.listener.deliver(batch, this.now);
      this.mostKept = Math.max(this.mostKept, this.listener.keptMs);
    }
    return this;
  }

  #send(message: Uint8Array): void {
    const { lastSequence } = this.#batches.get(message)!;
    this.#freeAt = this.link(this.now, this.#freeAt);
    this.#underWay.push({ sequence: lastSequence, sentAt: this.now, at: this.#freeAt });
  }

  #arrive(): void {
    for (const { sequence } of this.#take(this.#underWay)) {
      this.arrived.push({ sequence, at: this.now, late: this.now - (sequence - 1) * PACKET_MS });
      if (this.now - this.#reportedAt < REPORT_MS) continue;
      this.#reportedAt = this.now;
      this.#reports.push({ at: this.now + this.back, sequence, ago: 0 });
    }
    for (const report of this.#take(this.#reports)) {
      this.listener.heard({ ...report, buffered: 60, gaps: 0, offset: null });
    }
  }

  #take<T extends { readonly at: number }>(list: T[]): T[] {
    const due = list.filter(({ at }) => at <= this.now);
    list.splice(0, list.length, ...list.filter(({ at }) => at > this.now));
    return due;
  }
}

for (const delay of [1, 40, 150, 400]) {
  Deno.test(`page listener drops nothing at ${delay} ms each way, and knows the delay`, () => {
    const page = new Simulation(link(delay), delay).run(20_000);
    const { hearing } = page.listener;
    assert.equal(hearing.dropped, 0);
    assert.equal(page.arrived.length, Math.ceil((20_000 - delay) / PACKET_MS));
    assert.ok(Math.abs(hearing.delay! - (delay + 60)) <= 2, `${hearing.delay}`);
  });
}

Deno.test("page listener drops nothing when the link stalls for 200 ms now and then", () => {
  const page = new Simulation((sentAt, freeAt) => {
    const isStalled = sentAt % 2000 > 1800;
    return Math.max(freeAt, isStalled ? Math.ceil(sentAt / 2000) * 2000 : sentAt + 30);
  }, 30).run(20_000);
  assert.equal(page.listener.hearing.dropped, 0);
});

Deno.test("page listener keeps a link that carries half the sound at most half a second behind", () => {
  const page = new Simulation(link(20, 25), 20).run(60_000);
  const { dropped } = page.listener.hearing;
  assert.ok(dropped > 1300 && dropped < 1600, `${dropped} dropped`);
  const settled = page.arrived.filter(({ at }) => at > 10_000);
  // Beyond the round trip and the interval of the reports.
  const most = Math.max(...settled.map(({ late }) => late));
  assert.ok(most <= 500 + 40 + REPORT_MS + 2 * 40 + PACKET_MS, `${most} ms late`);
});

Deno.test("page listener goes on with the newest packets after a stall of 3 s", () => {
  const page = new Simulation(link(20), 20).run(5000);
  const { link: free } = page;
  page.link = () => 8000;
  page.run(3000);
  page.link = free;
  page.run(5000);
  const { dropped } = page.listener.hearing;
  assert.ok(dropped > 0 && dropped < 175, `${dropped} dropped`);
  const late = page.arrived.filter(({ at }) => at > 8600).map(({ late }) => late);
  assert.ok(Math.max(...late) <= 21, `${Math.max(...late)} ms late`);
});

Deno.test("page listener sends a page that reports nothing 1.5 s of sound, then four packets a second", () => {
  const page = new Simulation(link(20), Infinity).run(20_000);
  assert.equal(page.arrived.length, 1540 / PACKET_MS + 70);
});

Deno.test("page listener begins anew once a page reports that did not", () => {
  const page = new Simulation(link(20), Infinity).run(10_000);
  page.back = 20;
  page.run(5000);
  const { at, late } = page.arrived.at(-1)!;
  assert.deepEqual([at > 14_950, late], [true, 20]);
});

Deno.test("page listener remembers a bounded number of batches for a page that reports nothing", () => {
  const page = new Simulation(link(20), Infinity).run(60_000);
  assert.ok(page.listener.unreported <= 100, `${page.listener.unreported}`);
  page.back = 20;
  page.run(5000);
  const { at, late } = page.arrived.at(-1)!;
  assert.deepEqual([at > 64_950, late], [true, 20]);
  assert.ok(page.listener.unreported < 20, `${page.listener.unreported}`);
});

Deno.test("page listener counts at most one gap for each packet sent", () => {
  const page = new Simulation(link(20), 20).run(1000);
  const report = { sequence: 1, ago: 0, buffered: 0, offset: null };
  page.listener.heard({ ...report, gaps: Number.MAX_SAFE_INTEGER });
  assert.equal(page.listener.hearing.gaps, 50);
});

Deno.test("page listener drops what it keeps back when the sound is closed", () => {
  const page = new Simulation(link(20), Infinity).run(3000);
  assert.ok(page.listener.keptMs > 0);
  page.listener.clear();
  assert.equal(page.listener.keptMs, 0);
  const last = page.arrived.at(-1)!.sequence;
  page.listener.heard({ sequence: last, ago: 0, buffered: 0, gaps: 0, offset: null });
  page.run(PACKET_MS / 2);
  assert.equal(page.arrived.at(-1)!.sequence, last);
});

Deno.test("page listener is not misled by reports that cannot be true", () => {
  const page = new Simulation(link(20), 20).run(2000);
  for (const ago of [0, 1e300]) {
    page.listener.heard({ sequence: 1e15, ago, buffered: 1e300, gaps: 3, offset: -12.4 });
  }
  page.run(2000);
  const { delay, gaps, offset, dropped } = page.listener.hearing;
  assert.deepEqual([delay, gaps, offset, dropped], [80, 3, null, 0]);
});

Deno.test("page listener keeps at most 200 ms and the order, whatever the link does", () => {
  const phase = fc.record({
    delay: fc.integer({ min: 0, max: 1500 }),
    rate: fc.integer({ min: 1, max: 200 }),
    back: fc.integer({ min: 0, max: 1500 }),
    lasts: fc.integer({ min: 1, max: 3000 }),
  });
  fc.assert(
    fc.property(fc.array(phase, { minLength: 1, maxLength: 6 }), (phases) => {
      const page = new Simulation(link(0), 0);
      for (const { delay, rate, back, lasts } of phases) {
        page.link = link(delay, rate);
        page.back = back;
        page.run(lasts);
      }
      assert.ok(page.mostKept <= 200, `${page.mostKept} ms kept`);
      const sequences = page.arrived.map(({ sequence }) => sequence);
      assert.deepEqual(sequences, sequences.toSorted((a, b) => a - b));
      assert.equal(new Set(sequences).size, sequences.length);
    }),
    { numRuns: 40 },
  );
});
