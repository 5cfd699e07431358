import assert from "node:assert/strict";
import { Flow } from "../../src/consumers/session/flow.ts";
import { Ladder } from "../../src/consumers/session/ladder.ts";
import { type Rendition, SOURCE } from "../../src/media/rendition.ts";
import { Surveyor } from "../../src/audience/surveyor.ts";
import { Connection } from "../consumers/session/connection.ts";

/** A surveyor whose clock is the test's, and sessions of which some are lowered. */
async function setUp(shares: readonly number[]) {
  const clock = { now: 1_000 };
  const ladder = new Ladder();
  const connections = shares.map(() => new Connection());
  connections.forEach(({ session }, i) => {
    session.traffic.share = shares[i];
    session.decide();
  });
  const time = { monotonic: () => clock.now };
  const surveyor = new Surveyor({ ladder, flow: new Flow(time) }, time);
  surveyor.watch(connections.map(({ session }) => session));
  /** What it wants at each of 30 frames a second for so long; the stream has them made or not. */
  const survey = (milliseconds: number, isMade = true): Rendition[] => {
    const wanted: Rendition[] = [];
    for (const end = clock.now + milliseconds; clock.now < end; clock.now += 1000 / 30) {
      const rendition = surveyor.decide();
      if (!rendition) continue;
      wanted.push(rendition);
      if (isMade) ladder.measured(rendition, 1_000, clock.now);
    }
    return wanted;
  };
  // In the order that lets their fake times go.
  for (const connection of connections.toReversed()) await connection[Symbol.asyncDispose]();
  return { clock, surveyor, survey, connections };
}

Deno.test("surveyor wants nothing while nobody watches or nobody is lowered", async () => {
  assert.deepEqual((await setUp([])).survey(5_000), []);
  assert.deepEqual((await setUp([Infinity, Infinity])).survey(5_000), []);
});

Deno.test("surveyor wants nothing any more when nobody is lowered any more", async () => {
  const { surveyor, survey } = await setUp([1_000_000]);
  assert.ok(survey(1_000).length > 0);
  surveyor.watch([]);
  assert.deepEqual(survey(5_000), []);
});

Deno.test("surveyor wants at most seven renditions a second, each in its turn", async () => {
  const { survey } = await setUp([Infinity, 1_000_000]);
  const wanted = survey(1_000);
  assert.ok(wanted.length >= 6 && wanted.length <= 8, `${wanted.length}`);
  const all = [...wanted, ...survey(1_500)];
  assert.equal(new Set(all).size, all.length);
  assert.ok(all.some(({ scale }) => scale === 0.5) && all.some(({ scale }) => scale === 1));
  // Not the ceiling: somebody is given that, or would be.
  assert.equal(all.includes(SOURCE), false);
});

Deno.test("surveyor wants a size again once it is stale, and not before", async () => {
  const { clock, survey } = await setUp([1_000_000]);
  const asked = new Map<Rendition, number[]>();
  const end = clock.now + 15_000;
  while (clock.now < end) {
    for (const rendition of survey(50)) {
      asked.set(rendition, [...asked.get(rendition) ?? [], clock.now]);
    }
  }
  assert.ok(asked.size > 5, `${asked.size}`);
  for (const [{ quality, scale }, times] of asked) {
    const key = `${quality}/${scale}`;
    const pauses = times.slice(1).map((at, i) => at - times[i]);
    assert.ok(times.length >= 2, `${key} ${times.length} times`);
    assert.ok(pauses.every((pause) => pause > 2_900 && pause < 5_500), `${key} after ${pauses} ms`);
  }
});

Deno.test("surveyor does not ask faster for what is never made", async () => {
  const { survey } = await setUp([1_000_000]);
  const wanted = survey(2_000, false);
  assert.ok(wanted.length <= 15, `${wanted.length}`);
  assert.equal(new Set(wanted).size, 1);
});
