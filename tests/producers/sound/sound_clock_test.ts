import assert from "node:assert/strict";
import fc from "fast-check";
import { SoundClock } from "../../../src/producers/sound/sound_clock.ts";

const PACKET_MS = 20;
const LATENCY_MS = 26.5;

interface Simulation {
  /** How much slower the card's clock is: 0.01 is 1 %. */
  readonly drift?: number;
  /** How late the packet of a number arrives. Milliseconds. */
  readonly late?: (number: number) => number;
  /** Milliseconds of sound that are missing before the packet of a number. */
  readonly missing?: (number: number) => number;
  readonly seconds: number;
}

/** Returns, for each packet, its stamp and how far that is from the truth. Milliseconds. */
function simulate({ drift = 0, late = () => 0, missing = () => 0, seconds }: Simulation) {
  const clock = new SoundClock(LATENCY_MS);
  const stamps: { readonly at: number; readonly error: number }[] = [];
  let captured = 1_000;
  let arrival = 0;
  for (let number = 0; number < seconds * 1000 / PACKET_MS; number++) {
    captured += missing(number);
    arrival = Math.max(arrival, captured + LATENCY_MS + late(number));
    const at = clock.stamp(arrival, PACKET_MS);
    if (at !== null) stamps.push({ at, error: at - captured });
    captured += PACKET_MS * (1 + drift);
  }
  return stamps;
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** How far consecutive stamps are from one packet apart, at most. Milliseconds. */
function largestStep(stamps: readonly { readonly at: number }[]): number {
  return largest(stamps.slice(1).map(({ at }, i) => at - stamps[i].at - PACKET_MS));
}

Deno.test("sound clock stamps packets that nothing holds up exactly", () => {
  const stamps = simulate({ seconds: 60 });
  assert(largest(stamps.map(({ error }) => error)) < 0.01);
  assert(stamps.length > 2_980, "only the first 300 ms are dropped");
});

Deno.test("sound clock ignores packets that ffmpeg held back while it opened the device", () => {
  const stamps = simulate({ late: (number) => Math.max(0, 250 - number * PACKET_MS), seconds: 5 });
  assert(largest(stamps.map(({ error }) => error)) < 1);
});

Deno.test("sound clock follows a card that is up to 1 % off, with jitter, within 35 ms and smoothly", () => {
  const noise = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), {
    minLength: 7,
    maxLength: 50,
  });
  fc.assert(
    fc.property(fc.double({ min: -0.01, max: 0.01, noNaN: true }), noise, (drift, jitter) => {
      const floor = Math.min(...jitter);
      const late = (number: number) => jitter[number % jitter.length] - floor;
      const stamps = simulate({ drift, late, seconds: 120 });
      assert(largest(stamps.map(({ error }) => error)) < 35);
      assert(largest(stamps.slice(-1_500).map(({ error }) => error)) < 12, "after 90 s");
      assert(largestStep(stamps) <= PACKET_MS * 0.02 + 1e-6);
    }),
    { numRuns: 60 },
  );
});

Deno.test("sound clock does not jump when packets are held up for up to 2.9 s and then come at once", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 250, max: 600 }),
      fc.integer({ max: 2_900, min: 0 }),
      (from, held) => {
        const late = (number: number) =>
          number < from ? 0 : Math.max(0, held - (number - from) * PACKET_MS);
        const stamps = simulate({ late, seconds: 30 });
        assert(largestStep(stamps) <= PACKET_MS * 0.02 + 1e-6);
        assert(largest(stamps.map(({ error }) => error)) < 25);
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("sound clock jumps once if samples are missing, and is right within 4 s", () => {
  const stamps = simulate({ missing: (number) => number === 500 ? 700 : 0, seconds: 30 });
  const jumps = stamps.slice(1).filter(({ at }, i) => Math.abs(at - stamps[i].at - PACKET_MS) > 1);
  assert.equal(jumps.length, 1);
  assert(largest(stamps.slice(700).map(({ error }) => error)) < 20);
});

Deno.test("sound clock never goes back", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 50, maxLength: 600 }),
      (waits) => {
        const clock = new SoundClock(LATENCY_MS);
        let [arrival, last] = [0, -Infinity];
        for (const wait of waits) {
          const at = clock.stamp(arrival += wait, PACKET_MS);
          if (at === null) continue;
          assert(at > last);
          last = at;
        }
      },
    ),
  );
});

Deno.test("sound clock starts over if the first second of packets came late and the rest caught up", () => {
  const late = (number: number) => number < 60 ? 1_500 : Math.max(0, 1_500 - (number - 60) * 25);
  const stamps = simulate({ late, seconds: 20 });
  assert(largest(stamps.slice(-800).map(({ error }) => error)) < 1);
  for (const [i, { at }] of stamps.slice(1).entries()) assert(at > stamps[i].at);
});
