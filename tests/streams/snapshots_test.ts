import assert from "node:assert/strict";
import { frameOf } from "../../src/media/packet.ts";
import type { Consumer } from "../../src/streams/consumer.ts";
import { encodePart, type Part } from "../../src/media/multipart.ts";
import { Snapshots } from "../../src/streams/snapshots.ts";
import { FILTERS, type Rendition, SOURCE } from "../../src/media/rendition.ts";
import { FakeTime } from "../support/fake_time.ts";

/** Makes what is asked of it when the test says so. */
class ManualStream {
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
      const rendition = consumer.decide()!;
      this.made.push(rendition);
      consumer.deliver(this.part(rendition));
    }
  }
}

function setUp() {
  const time = new FakeTime();
  const stream = new ManualStream();
  const snapshots = new Snapshots({ stream, clock: { monotonic: () => time.now } });
  return { time, stream, snapshots, [Symbol.dispose]: () => time[Symbol.dispose]() };
}

const MEDIUM = SOURCE.with({ quality: 50 });

/** Lets all promises go on that can. */
async function goOn() {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

Deno.test("snapshots of one rendition within 250 ms are one job and one picture", async () => {
  using all = setUp();
  const { time, stream, snapshots } = all;
  const first = [snapshots.take(MEDIUM), snapshots.take(SOURCE.with({ quality: 50 }))];
  await goOn();
  assert.equal(stream.consumers.size, 1);
  stream.give();
  await goOn();
  time.tick(249);
  const last = snapshots.take(MEDIUM);
  const parts = await Promise.all([...first, last]);
  assert.equal(new Set(parts).size, 1);
  assert.equal(stream.made.length, 1);
  time.tick(1);
  const next = snapshots.take(MEDIUM);
  await goOn();
  stream.give();
  assert.notEqual(await next, parts[0]);
  assert.equal(stream.made.length, 2);
});

Deno.test("snapshots take what the stream has already, and the source always anew", async () => {
  using all = setUp();
  const { stream, snapshots } = all;
  stream.ready.set(MEDIUM, stream.part(MEDIUM));
  assert.equal(await snapshots.take(MEDIUM), stream.ready.get(MEDIUM));
  for (let i = 0; i < 3; i++) {
    stream.ready.set(SOURCE, stream.part(SOURCE));
    assert.equal(await snapshots.take(SOURCE), stream.ready.get(SOURCE));
  }
  assert.deepEqual(stream.made, []);
});

Deno.test("snapshots take a fifth of one thread at most, whatever is asked for", async () => {
  using all = setUp();
  const { time, stream, snapshots } = all;
  const renditions = FILTERS.flatMap((filter) =>
    [50, 20].map((quality) => SOURCE.with({ quality, filter }))
  );
  let given = 0;
  let busy = 0;
  for (let ms = 0; ms < 4000; ms++) {
    for (const rendition of renditions) snapshots.take(rendition).then(() => given++);
    await goOn();
    assert.ok(stream.consumers.size <= 1);
    // Each takes ten milliseconds.
    if (stream.consumers.size === 1) {
      busy++;
      if (busy % 10 === 0) stream.give();
    }
    time.tick(1);
  }
  assert.ok(busy > 600 && busy <= 800, `${busy} of 4000 ms`);
  assert.equal(new Set(stream.made).size, renditions.length);
  assert.ok(given > 0);
  time.tick(20_000);
  await goOn();
});

Deno.test("snapshots wait five seconds for a frame, and then try again when asked again", async () => {
  using all = setUp();
  const { time, stream, snapshots } = all;
  for (const rendition of [MEDIUM, SOURCE]) {
    const none = snapshots.take(rendition);
    await goOn();
    time.tick(4999);
    assert.equal(stream.consumers.size, 1);
    time.tick(1);
    assert.equal(await none, null);
    assert.equal(stream.consumers.size, 0);
  }
  time.tick(60_000);
  const next = snapshots.take(MEDIUM);
  await goOn();
  stream.give();
  assert.notEqual(await next, null);
});

Deno.test("snapshots that wait for their turn wait five seconds in all", async () => {
  using all = setUp();
  const { time, stream, snapshots } = all;
  const first = snapshots.take(MEDIUM);
  await goOn();
  time.tick(2000);
  const second = snapshots.take(MEDIUM.with({ filter: "sepia" }));
  time.tick(3000);
  assert.equal(await first, null);
  await goOn();
  assert.equal(stream.consumers.size, 1);
  time.tick(2000);
  await goOn();
  assert.equal(stream.consumers.size, 0);
  assert.equal(await second, null);
});
