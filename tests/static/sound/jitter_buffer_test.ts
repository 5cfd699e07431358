import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DURATION,
  hear,
  type Heard,
  randomNumbers,
  sendOver,
  type Sent,
} from "./simulated_link.ts";

/** Milliseconds from arrival to sound of the packets that arrive after a time. */
function waits({ played }: Heard, after: number): number[] {
  return played.filter(({ arrives }) => arrives > after).map(({ start, arrives }) =>
    start - arrives
  );
}

function assertUninterrupted({ played, buffer }: Heard, packets: readonly Sent[]): void {
  assert.equal(buffer.gaps, 0);
  assert.equal(buffer.lost, 0);
  assert.equal(played.length, packets.length);
  for (const { hole, rate, sequence } of played) {
    assert.ok(Math.abs(hole) < 1e-6, `hole of ${hole} ms before packet ${sequence}`);
    assert.ok(Math.abs(rate - 1) < 0.02001, `rate ${rate} of packet ${sequence}`);
  }
}

Deno.test("a clean link: no gap, and 40 ms from arrival to sound once it is known to be clean", () => {
  const packets = sendOver({ seconds: 60 });
  const heard = hear(packets);
  assertUninterrupted(heard, packets);
  assert.ok(Math.max(...waits(heard, 0)) < 85);
  for (const wait of waits(heard, 20_000)) assert.ok(wait > 35 && wait < 45, `${wait} ms`);
});

for (const seed of [1, 2, 3, 4, 5]) {
  Deno.test(`jitter of 60 ms, seed ${seed}: no gap, and at most 120 ms of delay`, () => {
    const random = randomNumbers(seed);
    const packets = sendOver({ seconds: 600, delay: () => 5 + 60 * random() });
    const heard = hear(packets);
    assertUninterrupted(heard, packets);
    assert.ok(heard.buffer.delay <= 120);
  });
}

Deno.test("packets in twos and threes do not interrupt the sound", () => {
  for (const batch of [2, 3]) {
    const packets = sendOver({
      seconds: 60,
      delay: (_, sequence) => 5 + DURATION * (batch - 1 - sequence % batch),
    });
    assertUninterrupted(hear(packets), packets);
  }
});

Deno.test("a link of 1 Mbit/s that frames of 12 kB share: at most one gap a minute", () => {
  const random = randomNumbers(3);
  // Eight frames a second, each before the packets that come after it.
  const frames = Array.from(
    { length: 8 * 602 },
    (_, i) => ({ at: i * 125, ms: 70 + 40 * random() }),
  );
  const delay = (time: number) => {
    const { at, ms } = frames[Math.floor(time / 125)];
    return 5 + Math.max(0, at + ms - time);
  };
  const heard = hear(sendOver({ seconds: 600, delay }));
  assert.ok(heard.buffer.gaps <= 10, `${heard.buffer.gaps} gaps`);
});

for (const drift of [0.005, -0.005]) {
  for (const jitter of [0, 60]) {
    const title = `a sender's clock ${drift * 100} % off, jitter of ${jitter} ms`;
    Deno.test(`${title}: no gap in ten minutes, and no growing delay`, () => {
      const random = randomNumbers(7);
      const packets = sendOver({ seconds: 600, drift, delay: () => 5 + jitter * random() });
      const heard = hear(packets);
      assertUninterrupted(heard, packets);
      const late = waits(heard, 30_000);
      assert.ok(Math.max(...late) < 130, `${Math.max(...late)} ms`);
      const last = heard.played.slice(-3000);
      const mean = last.reduce((sum, { rate }) => sum + rate, 0) / last.length;
      assert.ok(Math.abs(mean - 1 / (1 + drift)) < 0.0005, `rate ${mean}`);
    });
  }
}

for (const stall of [200, 400, 1000]) {
  Deno.test(`a stall of ${stall} ms interrupts the sound once, and leaves no delay behind`, () => {
    const stallAt = 21_000;
    const packets = sendOver({
      seconds: 60,
      delay: (time) => time < stallAt || time > stallAt + stall ? 5 : stallAt + stall - time + 5,
    });
    const heard = hear(packets);
    assert.equal(heard.buffer.gaps, 1);
    const silent = heard.played.reduce((sum, { hole }) => sum + hole, 0);
    assert.ok(silent < stall + 30, `${silent} ms of silence`);
    assert.ok(Math.max(...waits(heard, stallAt + stall + 100)) < 125);
    for (const wait of waits(heard, 57_000)) assert.ok(wait < 45, `${wait} ms`);
  });
}

Deno.test("after one late packet the delay grows at once, and shrinks within a minute", () => {
  const packets = sendOver({
    seconds: 90,
    delay: (time) => time > 30_000 && time <= 30_020 ? 75 : 5,
  });
  const heard = hear(packets);
  assert.equal(heard.buffer.gaps, 1);
  const after = waits(heard, 30_100);
  assert.ok(Math.min(...after.slice(0, 50)) > 80);
  assert.ok(after[after.length - 1] < 45);
});

Deno.test("a link that becomes 400 ms slower is heard again within 200 ms", () => {
  const packets = sendOver({ seconds: 30, delay: (time) => time < 10_000 ? 5 : 405 });
  const heard = hear(packets);
  assert.equal(heard.buffer.gaps, 1);
  const [first] = heard.played.filter(({ arrives }) => arrives > 10_400);
  assert.ok(first.start < 10_750, `${first.start}`);
});

Deno.test("a link that becomes 200 ms faster again is followed by the rate alone", () => {
  const packets = sendOver({ seconds: 60, delay: (time) => time < 20_000 ? 205 : 5 });
  // The packets that would overtake others come together.
  const heard = hear(packets);
  assertUninterrupted(heard, packets);
  assert.ok(waits(heard, 50_000).every((wait) => wait < 45));
});

Deno.test("one that becomes 500 ms faster is followed by one jump", () => {
  const packets = sendOver({ seconds: 60, delay: (time) => time < 20_000 ? 505 : 5 });
  const heard = hear(packets);
  assert.equal(heard.buffer.gaps, 0);
  const skipped = packets.length - heard.played.length;
  assert.ok(skipped > 15 && skipped < 30, `${skipped}`);
  assert.equal(heard.buffer.lost, skipped);
  assert.ok(waits(heard, 50_000).every((wait) => wait < 45));
});

Deno.test("lost packets are concealed, and what follows plays when it would have", () => {
  const packets = sendOver({ seconds: 30, isLost: (sequence) => sequence % 50 === 0 });
  const heard = hear(packets);
  assert.equal(heard.buffer.gaps, 0);
  assert.equal(heard.buffer.lost, 29);
  const holes = heard.played.filter(({ hole }) => Math.abs(hole) > 1e-6);
  assert.equal(holes.length, 29);
  for (const { hole } of holes) assert.ok(Math.abs(hole - DURATION) < 1e-6, `${hole}`);
});

Deno.test("a pause of the sender is no gap, and the sound after it is not late", () => {
  for (const isCounted of [true, false]) {
    const before = sendOver({ seconds: 20 });
    const after = before.map(({ sequence, at, arrives }) => ({
      sequence: sequence + before.length + (isCounted ? 250 : 0),
      at: at + 25_000,
      arrives: arrives + 25_000,
    }));
    const heard = hear([...before, ...after]);
    assert.equal(heard.buffer.gaps, 0);
    assert.equal(heard.buffer.lost, 0);
    assert.equal(heard.played.length, before.length + after.length);
    assert.ok(waits(heard, 26_000).every((wait) => wait < 45));
  }
});

Deno.test("corrected timestamps do not interrupt the sound", () => {
  for (const correction of [-200, -20, 20, 200]) {
    const packets = sendOver({ seconds: 60 }).map((packet) =>
      packet.sequence < 1500 ? packet : { ...packet, at: packet.at + correction }
    );
    const heard = hear(packets);
    assertUninterrupted(heard, packets);
    assert.ok(waits(heard, 20_000).every((wait) => wait < 65), `${correction}`);
  }
});

Deno.test("sound waits for a picture that is later, and follows it by the rate", () => {
  const packets = sendOver({ seconds: 60 });
  const base = packets[0].arrives - packets[0].at;
  const heard = hear(packets, (now) => base + (now < 30_000 ? 150 : 250));
  assertUninterrupted(heard, packets);
  for (const { start, at, arrives } of heard.played) {
    const lag = start - at - base;
    if (arrives < 30_000) assert.ok(Math.abs(lag - 150) < 2, `${lag}`);
    if (arrives > 45_000) assert.ok(Math.abs(lag - 250) < 10, `${lag}`);
  }
});

for (const [first, then] of [[400, 200], [100, 350]]) {
  Deno.test(`a picture whose first lag of ${first} ms becomes ${then}: in step after half a second`, () => {
    const packets = sendOver({ seconds: 10 });
    const base = packets[0].arrives - packets[0].at;
    const { played } = hear(packets, (now) => base + (now < 1200 ? first : then));
    for (const { start, at, arrives } of played) {
      const lag = start - at - base;
      if (arrives > 1500) assert.ok(Math.abs(lag - then) <= 60, `${lag} ms at ${arrives} ms`);
    }
    assert.ok(played.length >= packets.length - Math.max(0, first - then) / DURATION - 2);
  });
}

Deno.test("sound waits for a picture no longer than a second", () => {
  const packets = sendOver({ seconds: 10 });
  const base = packets[0].arrives - packets[0].at;
  const heard = hear(packets, () => base + 60_000);
  assert.ok(waits(heard, 0).every((wait) => wait < 1010));
});

Deno.test("a packet that others overtook is dropped", () => {
  const packets = sendOver({ seconds: 10 });
  const late = { ...packets[200], arrives: packets[203].arrives };
  const heard = hear([
    ...packets.slice(0, 200),
    ...packets.slice(201, 204),
    late,
    ...packets.slice(204),
  ]);
  assert.equal(heard.buffer.gaps, 0);
  assert.equal(heard.buffer.lost, 1);
  assert.equal(heard.played.length, packets.length - 1);
});

Deno.test("after a reset, a server may count anew", () => {
  const packets = sendOver({ seconds: 1 });
  const { buffer } = hear(packets);
  const [{ at }] = packets;
  const first = { sequence: 1, at, duration: DURATION };
  assert.equal(buffer.push(first, 60_000, 0), null);
  buffer.reset();
  assert.equal(buffer.push(first, 60_000, 0)?.start, 60_080);
});

Deno.test("whatever arrives whenever: in order, never over one another, at tolerable rates", () => {
  const arrival = fc.record({
    wait: fc.oneof(fc.constant(20), fc.integer({ min: 0, max: 3000 })),
    missing: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: -50, max: 300 })),
    step: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: -1e5, max: 1e5 })),
    hold: fc.option(fc.integer({ min: -1e6, max: 1e6 })),
  });
  fc.assert(fc.property(fc.array(arrival, { maxLength: 300 }), (arrivals) => {
    let [sequence, at, arrives] = [100, 1e12, 1000];
    const holds = new Map<number, number | null>();
    const packets = arrivals.map(({ wait, missing, step, hold }) => {
      sequence = Math.max(1, sequence + 1 + missing);
      at += DURATION + step;
      arrives += wait;
      holds.set(arrives, hold && hold + arrives - at);
      return { sequence, at, arrives };
    });
    // Throws if packets overlap or play before they arrive.
    const { played, buffer } = hear(packets, (now) => holds.get(now) ?? null);
    for (const { rate, start } of played) {
      assert.ok(rate >= 0.98 && rate <= 1.02);
      assert.ok(Number.isFinite(start));
    }
    assert.ok(buffer.delay >= 40 && buffer.delay <= 120);
  }));
});
