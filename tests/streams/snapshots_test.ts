import assert from "node:assert/strict";
import { frameOf } from "../../src/media/packet.ts";
import type { Consumer } from "../../src/streams/hub.ts";
import { encodePart, type Part } from "../../src/media/multipart.ts";
import { Snapshots } from "../../src/streams/snapshots.ts";
import { FILTERS, type Rendition, SOURCE } from "../../src/media/rendition.ts";
import { FakeTime } from "../support/fake_time.ts";

/** Makes what is asked of it when the test says so. */
class ManualHub {
  readonly consumers = new Set<Consumer>();
  /** Every rendition that had to be made. */
  readonly made: Rendition[] = [];
  readonly ready = new Map<Rendition, Part>();
  #sequence = 0;

  join = (consumer: Consumer) => void this.consumers.add(consumer);
  leave = (consumer: Consumer) => void this.consumers.delete(consumer);
  partOf = (rendition: Rendition) => this.ready.get(rendition) ?? null;

  part(rendition: Rendition): Part {
    const jpeg = new Uint8Array([++this.#sequence]);
    return encodePart(frameOf(jpeg, this.#sequence, 0), rendition, jpeg);
  }

  give(): void {
    for (const consumer of [...this.consumers]) {
      const rendition = consumer.wants()!;
      this.made.push(rendition);
      consumer.deliver(this.part(rendition));
    }
  }
}

function setUp() {
  const time = new FakeTime();
  const hub = new ManualHub();
  const snapshots = new Snapshots({ hub, now: () => time.now });
  return { time, hub, snapshots, [Symbol.dispose]: () => time[Symbol.dispose]() };
}

const MEDIUM = SOURCE.with({ quality: 50 });

/** Lets all promises go on that can. */
async function goOn() {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

Deno.test("snapshots of one rendition within 250 ms are one job and one picture", async () => {
  using all = setUp();
  const { time, hub, snapshots } = all;
  const first = [snapshots.take(MEDIUM), snapshots.take(SOURCE.with({ quality: 50 }))];
  await goOn();
  assert.equal(hub.consumers.size, 1);
  hub.give();
  await goOn();
  time.tick(249);
  const last = snapshots.take(MEDIUM);
  const parts = await Promise.all([...first, last]);
  assert.equal(new Set(parts).size, 1);
  assert.equal(hub.made.length, 1);
  time.tick(1);
  const next = snapshots.take(MEDIUM);
  await goOn();
  hub.give();
  assert.notEqual(await next, parts[0]);
  assert.equal(hub.made.length, 2);
});

Deno.test("snapshots take what the hub has already, and the source always anew", async () => {
  using all = setUp();
  const { hub, snapshots } = all;
  hub.ready.set(MEDIUM, hub.part(MEDIUM));
  assert.equal(await snapshots.take(MEDIUM), hub.ready.get(MEDIUM));
  for (let i = 0; i < 3; i++) {
    hub.ready.set(SOURCE, hub.part(SOURCE));
    assert.equal(await snapshots.take(SOURCE), hub.ready.get(SOURCE));
  }
  assert.deepEqual(hub.made, []);
});

Deno.test("snapshots take a fifth of one thread at most, whatever is asked for", async () => {
  using all = setUp();
  const { time, hub, snapshots } = all;
  const renditions = FILTERS.flatMap((filter) =>
    [50, 20].map((quality) => SOURCE.with({ quality, filter }))
  );
  let given = 0;
  let busy = 0;
  for (let ms = 0; ms < 4000; ms++) {
    for (const rendition of renditions) snapshots.take(rendition).then(() => given++);
    await goOn();
    assert.ok(hub.consumers.size <= 1);
    // Each takes ten milliseconds.
    if (hub.consumers.size === 1) {
      busy++;
      if (busy % 10 === 0) hub.give();
    }
    time.tick(1);
  }
  assert.ok(busy > 600 && busy <= 800, `${busy} of 4000 ms`);
  assert.equal(new Set(hub.made).size, renditions.length);
  assert.ok(given > 0);
  time.tick(20_000);
  await goOn();
});

Deno.test("snapshots wait five seconds for a frame, and then try again when asked again", async () => {
  using all = setUp();
  const { time, hub, snapshots } = all;
  for (const rendition of [MEDIUM, SOURCE]) {
    const none = snapshots.take(rendition);
    await goOn();
    time.tick(4999);
    assert.equal(hub.consumers.size, 1);
    time.tick(1);
    assert.equal(await none, null);
    assert.equal(hub.consumers.size, 0);
  }
  time.tick(60_000);
  const next = snapshots.take(MEDIUM);
  await goOn();
  hub.give();
  assert.notEqual(await next, null);
});

Deno.test("snapshots that wait for their turn wait five seconds in all", async () => {
  using all = setUp();
  const { time, hub, snapshots } = all;
  const first = snapshots.take(MEDIUM);
  await goOn();
  time.tick(2000);
  const second = snapshots.take(MEDIUM.with({ filter: "sepia" }));
  time.tick(3000);
  assert.equal(await first, null);
  await goOn();
  assert.equal(hub.consumers.size, 1);
  time.tick(2000);
  await goOn();
  assert.equal(hub.consumers.size, 0);
  assert.equal(await second, null);
});
