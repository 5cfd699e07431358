import assert from "node:assert/strict";
import { encodePart } from "../../src/broadcast/multipart.ts";
import { type Quality, type Rendition, SOURCE } from "../../src/frame.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../src/viewers/settings.ts";
import { Viewer } from "../../src/viewers/viewer.ts";

function setUp(given: { fps?: number } = {}) {
  const clock = { now: 1_000_000 };
  const state = {
    settings: DEFAULT_SETTINGS as Settings,
    conditions: { gaming: 40 as Quality, share: "source" as Quality },
    ended: 0,
  };
  const viewer = new Viewer({
    id: "someone",
    settings: () => state.settings,
    conditions: state.conditions,
    now: () => clock.now,
    onEnd: () => state.ended++,
    ...given,
  });
  const deliver = (sequence: number, rendition: Rendition = SOURCE) => {
    const frame = { sequence, capturedAt: clock.now, jpeg: new Uint8Array() };
    viewer.deliver(encodePart(frame, rendition, new Uint8Array([sequence])));
  };
  return { clock, state, viewer, deliver };
}

async function readSequence(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<number> {
  const { value } = await reader.read();
  const text = new TextDecoder("latin1").decode(value);
  return Number(/X-Sequence: (\d+)/.exec(text)?.[1]);
}

async function open(viewer: Viewer) {
  const reader = viewer.body.getReader();
  await reader.read();
  return reader;
}

Deno.test("viewer in Home mode wants what they picked", () => {
  const { state, viewer } = setUp();
  const wanted = (["high", "medium", "low"] as const).map((quality) => {
    state.settings = { ...DEFAULT_SETTINGS, quality };
    return viewer.wants()?.quality;
  });
  assert.deepEqual(wanted, ["source", 50, 20]);
});

Deno.test("viewer in Gaming mode wants what follows motion, and cannot pick", () => {
  const { state, viewer } = setUp();
  state.settings = { mode: "gaming", quality: "high", filter: "sepia" };
  assert.deepEqual(viewer.wants(), { quality: 40, scale: 1, filter: "sepia" });
  state.conditions.gaming = 70;
  assert.equal(viewer.wants()?.quality, 70);
  assert.equal(viewer.followsMotion, true);
});

Deno.test("viewer wants no more than their share of the uplink", () => {
  const { state, viewer } = setUp();
  state.conditions.share = 33;
  assert.equal(viewer.wants()?.quality, 33);
  state.settings = { ...DEFAULT_SETTINGS, quality: "low" };
  assert.equal(viewer.wants()?.quality, 20);
});

Deno.test("viewer's stream opens with the boundary and gives the newest frame", async () => {
  const { viewer, deliver } = setUp();
  const reader = viewer.body.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "--frame\r\n");
  [1, 2, 3].forEach((sequence) => deliver(sequence));
  assert.equal(await readSequence(reader), 3);
  assert.equal(viewer.dropped, 2);
  assert.equal(viewer.given, "source");
  await reader.cancel();
});

Deno.test("viewer never goes back in time", async () => {
  const { viewer, deliver } = setUp();
  const reader = await open(viewer);
  deliver(5);
  assert.equal(await readSequence(reader), 5);
  deliver(4);
  deliver(6);
  assert.equal(await readSequence(reader), 6);
  await reader.cancel();
});

Deno.test("viewer takes a frame again only in the quality they want by now", async () => {
  const { state, viewer, deliver } = setUp();
  const reader = await open(viewer);
  state.settings = { ...DEFAULT_SETTINGS, quality: "low" };
  deliver(1, { ...SOURCE, quality: 20 });
  assert.equal(await readSequence(reader), 1);
  deliver(1, SOURCE);
  deliver(2, { ...SOURCE, quality: 20 });
  assert.equal(await readSequence(reader), 2);
  deliver(2, { ...SOURCE, quality: 20 });
  assert.equal(await readSequence(reader), 2);
  await reader.cancel();
});

for (const [fps, expected] of [[10, 10], [25, 25], [30, 30], [60, 30], [0.5, 1]]) {
  Deno.test(`viewer who wants ${fps} of 30 frames a second gets about ${expected}`, () => {
    const { clock, viewer, deliver } = setUp({ fps });
    let taken = 0;
    for (let sequence = 1; sequence <= 30; sequence++) {
      clock.now += 1000 / 30 + (sequence % 3 - 1) * 4;
      if (!viewer.wants()) continue;
      deliver(sequence);
      taken++;
    }
    assert.ok(Math.abs(taken - expected) <= 1, `${taken}`);
  });
}

Deno.test("viewer stalls from the moment a frame waits for them", async () => {
  const { clock, viewer, deliver } = setUp();
  const reader = await open(viewer);
  clock.now += 60_000;
  assert.equal(viewer.stalledFor, 0);
  deliver(1);
  clock.now += 4000;
  deliver(2);
  assert.equal(viewer.stalledFor, 4000);
  await readSequence(reader);
  assert.equal(viewer.stalledFor, 0);
  await reader.cancel();
});

Deno.test("viewer ends once, whoever ends it", async () => {
  for (const end of ["close", "abort", "cancel"] as const) {
    const { state, viewer } = setUp();
    const reader = await open(viewer);
    const pending = reader.read();
    if (end === "close") {
      viewer.close();
      assert.equal((await pending).done, true);
    } else if (end === "abort") {
      viewer.abort("too slow");
      await assert.rejects(pending, /too slow/);
    } else {
      await reader.cancel();
      await pending;
    }
    viewer.close();
    viewer.abort("again");
    assert.equal(state.ended, 1, end);
  }
});
