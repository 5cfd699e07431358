import assert from "node:assert/strict";
import { sizeOf } from "./frame_sizes.ts";
import type { Path } from "./simulated_path.ts";
import { figures, type Outcome, simulate, SOUND_BITS } from "./simulation.ts";

/** What a page's jitter buffer makes up for. Milliseconds. */
const BUFFER_MS = 120;
const MINUTE = 60_000;
/** The page begins to listen; and is found to, and the picture has made room. Milliseconds. */
const LISTENS_AT = 10_000;
const FROM = 15_000;
const TO = FROM + 2 * MINUTE;

type Way = Omit<Path, "capacity"> | null;
const WAYS: Readonly<Record<string, Way>> = {
  "one queue": null,
  "TCP with cubic": { delay: 5, congestion: "cubic" },
  "TCP with cubic over a longer way": { delay: 20, jitter: 5, congestion: "cubic" },
  "TCP with BBR": { delay: 20, jitter: 5, congestion: "bbr" },
};

function listening(megabits: number, way: Way, fps: number): Outcome {
  return simulate({
    capacity: () => megabits * 1e6,
    seconds: TO / 1000,
    evidence: way ? "page" : "kernel",
    listens: (at) => at >= LISTENS_AT,
    fps,
    ...(way && { path: way }),
  });
}

/** How often packets came too late: those within a second of each other are one time. */
function interruptions({ heard }: Outcome): number {
  let last = -Infinity, count = 0;
  for (const { at, waited } of heard) {
    if (at < FROM || waited <= BUFFER_MS) continue;
    if (at - last > 1000) count++;
    last = at;
  }
  return count;
}

for (const [name, way] of Object.entries(WAYS)) {
  for (const megabits of [1, 2, 3]) {
    for (const fps of [30, 10]) {
      Deno.test(`sound with ${fps} fps on ${megabits} Mbit/s is interrupted once a minute at most: ${name}`, () => {
        const outcome = listening(megabits, way, fps);
        const sent = outcome.heard.filter(({ at }) => at >= FROM).length;
        assert.ok(sent >= 0.99 * (TO - FROM) / 20, `${sent} packets`);
        const minutes = (TO - FROM) / MINUTE;
        assert.ok(interruptions(outcome) <= minutes, `${interruptions(outcome)} interruptions`);
        const waits = outcome.heard.filter(({ at }) => at >= FROM).map(({ waited }) => waited);
        const p95 = waits.sort((a, b) => a - b)[Math.floor(0.95 * waits.length)];
        assert.ok(p95 <= 80, `5 % wait longer than ${p95} ms`);
      });
    }
  }
}

Deno.test("a page that listens on a slow link still gets a moving picture that uses the link", () => {
  for (const megabits of [1, 2, 3]) {
    const outcome = listening(megabits, WAYS["TCP with cubic"], 30);
    const { fps, bits, median } = figures(outcome, FROM, TO);
    assert.ok(fps >= 20, `${megabits} Mbit/s: ${fps} fps`);
    assert.ok(median <= 100, `${megabits} Mbit/s: half are ${median} ms old`);
    assert.ok(bits >= 0.6 * (megabits * 1e6 - SOUND_BITS), `${megabits} Mbit/s: ${bits}`);
  }
});

Deno.test("a link with room for all gives the source to those who listen, too", () => {
  const outcome = listening(30, WAYS["TCP with cubic"], 30);
  assert.deepEqual(outcome.changes, []);
  assert.ok(figures(outcome, FROM, TO).fps >= 29);
});

Deno.test("the picture takes the whole link again when a page stops listening", () => {
  const outcome = simulate({
    ...{ capacity: () => 2e6, seconds: 70, evidence: "page", path: { delay: 5 } },
    listens: (at) => at >= 10_000 && at < 30_000,
  });
  const { bits } = figures(outcome, 40_000, 70_000);
  assert.ok(bits >= 0.7 * 2e6, `${bits}`);
});

Deno.test("frames that come seldom are small while a page listens", () => {
  const outcome = listening(2, WAYS["TCP with cubic"], 10);
  const longest = outcome.sent.filter(({ at }) => at >= FROM)
    .map(({ rendition }) => sizeOf(rendition) * 8 / 2e6 * 1000);
  assert.ok(Math.max(...longest) <= 70, `${Math.max(...longest)} ms`);
});
