import assert from "node:assert/strict";
import type { Consumer } from "../../src/broadcast/hub.ts";
import { encodePart } from "../../src/broadcast/multipart.ts";
import { SOURCE } from "../../src/frame.ts";
import { Registry } from "../../src/viewers/registry.ts";
import { DEFAULT_SETTINGS } from "../../src/viewers/settings.ts";
import { recordingLog } from "../support/recording_log.ts";

function setUp(given: { maxViewers?: number; uplink?: number | null } = {}) {
  const clock = { now: 1_000_000 };
  const joined = new Set<Consumer>();
  const refreshed: Consumer[] = [];
  const registry = new Registry({
    broadcast: {
      join: (consumer) => void joined.add(consumer),
      leave: (consumer) => void joined.delete(consumer),
      refresh: (consumer) => void refreshed.push(consumer),
    },
    gaming: { quality: "source" },
    maxViewers: 3,
    uplink: null,
    fps: 10,
    log: recordingLog(),
    now: () => clock.now,
    ...given,
  });
  const admit = (id: string | null = null) =>
    registry.admit({ id, settings: () => DEFAULT_SETTINGS });
  return { clock, joined, refreshed, registry, admit };
}

Deno.test("registry admits no more viewers than allowed, until one leaves", async () => {
  const { registry, joined, admit } = setUp();
  const viewers = [admit(), admit(), admit()];
  assert.equal(admit(), null);
  assert.equal(joined.size, 3);
  await viewers[0]!.body.cancel();
  assert.equal(registry.count, 2);
  assert.equal(joined.size, 2);
  assert.notEqual(admit(), null);
  registry.close();
});

Deno.test("registry shares the uplink as viewers come and go", () => {
  const { registry, clock, admit } = setUp({ uplink: 8 * 1000 * 10 });
  for (let i = 0; i < 40; i++) registry.countFrame(1000), clock.now += 100;
  const first = admit()!;
  assert.ok([99, "source"].includes(first.wants()!.quality));
  const others = [admit()!, admit()!];
  const share = first.wants()!.quality as number;
  assert.ok(share >= 30 && share <= 35, `${share}`);
  assert.equal(registry.isLowered(DEFAULT_SETTINGS), true);
  assert.equal(registry.isLowered({ ...DEFAULT_SETTINGS, quality: "low" }), false);
  others.forEach((viewer) => viewer.close());
  assert.ok([99, "source"].includes(first.wants()!.quality));
  registry.close();
});

Deno.test("registry takes a source that has just begun for as fast as was asked", () => {
  const { registry, clock, admit } = setUp({ uplink: 8 * 1000 * 10 });
  registry.countFrame(1000);
  clock.now += 20_000;
  registry.countFrame(1000);
  const [first] = [admit()!, admit()!];
  assert.equal(first.wants()!.quality, 50);
  registry.close();
});

Deno.test("registry brings changed settings to that viewer's streams alone", () => {
  const { registry, refreshed, admit } = setUp();
  const [a] = [admit("a"), admit("b")];
  registry.refresh("a");
  assert.deepEqual(refreshed, [a]);
  registry.close();
});

Deno.test("registry drops who reads nothing for ten seconds, and nobody else", async () => {
  const { registry, clock, admit } = setUp();
  const [stalled, reading] = [admit()!, admit()!];
  const reader = reading.body.getReader();
  const opening = await reader.read();
  assert.ok(opening.value);
  let sequence = 0;
  for (let i = 0; i < 44; i++) {
    const frame = { sequence: ++sequence, capturedAt: clock.now, jpeg: new Uint8Array() };
    const part = encodePart(frame, SOURCE, new Uint8Array(1));
    stalled.deliver(part);
    reading.deliver(part);
    await reader.read();
    registry.tick();
    clock.now += 250;
  }
  assert.deepEqual([...registry.viewers], [reading]);
  assert.equal(registry.stalled, 1);
  registry.close();
  await assert.rejects(stalled.body.getReader().read(), /nothing was read/);
});

Deno.test("registry ends everyone's stream when it closes", async () => {
  const { registry, joined, admit } = setUp();
  const reader = admit()!.body.getReader();
  await reader.read();
  registry.close();
  assert.equal((await reader.read()).done, true);
  assert.equal(joined.size, 0);
});
