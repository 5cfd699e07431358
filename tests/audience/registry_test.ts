import assert from "node:assert/strict";
import { frameOf } from "../../src/media/packet.ts";
import { Ladder } from "../../src/consumers/session/ladder.ts";
import type { Consumer } from "../../src/streams/hub.ts";
import { encodePart } from "../../src/media/multipart.ts";
import { SOURCE } from "../../src/media/rendition.ts";
import { Registry } from "../../src/audience/registry.ts";
import { type Choice, DEFAULT_SETTINGS } from "../../src/consumers/session/settings.ts";
import type { SocketStatistics } from "../../src/net/socket_statistics.ts";
import type { Viewer } from "../../src/consumers/session/viewer.ts";
import { recordingLog } from "../support/recording_log.ts";
import { settle } from "../consumers/session/connection.ts";

const SOURCE_BYTES = 40_000;
const FPS = 30;
/** Bits a second of the source. */
const FULL = SOURCE_BYTES * 8 * FPS;

interface Newcomer {
  readonly id?: string | null;
  readonly stream?: string | null;
  readonly quality?: Choice;
  readonly bits?: number;
  readonly hostname?: string;
  readonly port?: number;
  readonly client?: string;
  readonly isForwarded?: boolean;
}

function setUp(
  given: { maxViewers?: number; maxPerAddress?: number; uplink?: number | null } = {},
) {
  const clock = { now: 1_000_000 };
  const joined = new Set<Consumer>();
  const refreshed: Consumer[] = [];
  const log = recordingLog();
  const registry = new Registry({
    broadcast: {
      join: (consumer) => void joined.add(consumer),
      leave: (consumer) => void joined.delete(consumer),
      refresh: (consumer) => void refreshed.push(consumer),
    },
    gaming: { quality: "source" },
    maxViewers: 10,
    maxPerAddress: 10,
    uplink: null,
    fps: FPS,
    log,
    now: () => clock.now,
    ...given,
  });
  registry.measured(partOf(0));
  let port = 40_000;
  const ask = (newcomer: Newcomer = {}) => {
    const { id = null, quality = "high", hostname = "10.0.0.1", stream, bits } = newcomer;
    const { client, isForwarded } = newcomer;
    const remote = { hostname, port: newcomer.port ?? ++port };
    const settings = () => ({ ...DEFAULT_SETTINGS, quality });
    return registry.admit({ id, settings, remote, client, isForwarded, stream, bits });
  };
  const admit = (newcomer: Newcomer = {}) => {
    const viewer = ask(newcomer);
    assert(typeof viewer !== "string", `no room: ${viewer}`);
    return viewer;
  };
  const several = (count: number, newcomer: Newcomer = {}) =>
    Array.from({ length: count }, () => admit(newcomer));
  return { clock, joined, refreshed, registry, ask, admit, several, log };
}

function partOf(sequence: number, bytes = SOURCE_BYTES) {
  const frame = frameOf(new Uint8Array(), sequence, Date.now());
  return encodePart(frame, SOURCE, new Uint8Array(bytes));
}

/** A change for the better is made no sooner after the last one. Milliseconds. */
const CALM_MS = 3_000;

/** Bits a second of what the viewer is to be given. */
function given(viewer: Viewer): number {
  const ladder = new Ladder();
  ladder.measured(SOURCE, SOURCE_BYTES, 0);
  return ladder.bytesOf(viewer.wants()!) * 8 * FPS;
}

/** Who reads what is sent, without end. */
function readAll(viewer: Viewer): Promise<void> {
  return viewer.body.pipeTo(new WritableStream()).catch(() => {});
}

Deno.test("registry admits no more viewers than allowed, until one leaves", async () => {
  const { registry, joined, ask, several } = setUp({ maxViewers: 3 });
  const others = joined.size;
  const viewers = several(3);
  assert.equal(ask(), "full");
  assert.equal(joined.size, others + 3);
  await viewers[0].body.cancel();
  assert.equal(registry.count, 2);
  assert.equal(joined.size, others + 2);
  assert.notEqual(ask(), "full");
  registry.close();
});

Deno.test("registry admits no more viewers of one address than allowed, until one leaves", async () => {
  const { registry, joined, ask, several } = setUp({ maxPerAddress: 2 });
  const others = joined.size;
  const [first] = several(2, { hostname: "10.0.0.1" });
  assert.equal(ask({ hostname: "10.0.0.1" }), "address full");
  assert.equal(joined.size, others + 2);
  several(2, { hostname: "10.0.0.2" });
  await first.body.cancel();
  several(1, { hostname: "10.0.0.1" });
  assert.equal(ask({ hostname: "10.0.0.1" }), "address full");
  registry.close();
});

Deno.test("registry counts viewers behind a proxy by their own addresses", () => {
  const { registry, ask, several } = setUp({ maxPerAddress: 2 });
  const behind = { hostname: "10.0.0.1", isForwarded: true };
  several(2, { ...behind, client: "203.0.113.1" });
  assert.equal(ask({ ...behind, client: "203.0.113.1" }), "address full");
  several(2, { ...behind, client: "203.0.113.2" });
  registry.close();
});

Deno.test("registry takes nothing from the kernel for who is behind a proxy", () => {
  const { registry, admit } = setUp();
  const viewer = admit({ port: 5000, client: "203.0.113.1", isForwarded: true });
  viewer.told = () => assert.fail("the kernel knows the proxy alone");
  registry.asking()(new Map([["10.0.0.1 5000", { queued: 0 }]]));
  assert.equal(registry.askEvery, Infinity);
  registry.close();
});

Deno.test("registry tells each of two streams of one connection all that waits there, and no more", () => {
  const { registry, admit } = setUp();
  const first = admit({ port: 5000 });
  const second = admit({ port: 5000, hostname: "::ffff:10.0.0.1" });
  assert.equal(registry.count, 2);
  const told: [Viewer, SocketStatistics][] = [];
  for (const viewer of [first, second]) viewer.told = (socket) => told.push([viewer, socket]);
  const socket = { queued: 700, acknowledged: 5000, roundTrip: 20 };
  const sockets = new Map([["10.0.0.1 5000", socket]]);
  registry.asking()(sockets);
  const shared = { queued: 700, roundTrip: 20 };
  assert.deepEqual(told.splice(0), [[first, shared], [second, shared]]);
  first.close();
  registry.asking()(sockets);
  assert.deepEqual(told, [[second, socket]]);
  registry.close();
});

Deno.test("registry lets everyone have the source without a limit", () => {
  const { registry, several } = setUp();
  const viewers = several(8);
  registry.tick();
  assert.deepEqual(new Set(viewers.map((viewer) => viewer.wants()!.quality)), new Set(["source"]));
  assert.ok(viewers.every((viewer) => viewer.delivery.why === "chosen" && !viewer.isLowered));
  registry.close();
});

for (const count of [2, 3, 8]) {
  Deno.test(`registry gives each of ${count} viewers the same of an uplink worth one stream`, () => {
    const { registry, several } = setUp({ uplink: FULL });
    const [alone] = several(1);
    assert.equal(alone.wants()!.quality, "source");
    const viewers = [alone, ...several(count - 1)];
    const renditions = viewers.map((viewer) => JSON.stringify(viewer.wants()));
    assert.equal(new Set(renditions).size, 1);
    assert.notEqual(viewers[0].wants()!.quality, "source");
    for (const viewer of viewers) {
      assert.equal(viewer.isLowered, true);
      assert.equal(viewer.delivery.why, "uplink");
    }
    registry.close();
  });
}

Deno.test("registry gives less to each, the more they are, and it all back as they go", () => {
  const uplink = 1.1 * FULL;
  const { registry, clock, several } = setUp({ uplink });
  const [first] = several(1);
  const falling = [given(first)];
  const others: Viewer[] = [];
  for (let i = 1; i < 8; i++) {
    others.push(...several(1));
    // At once, not at the next tick.
    const bits = given(first);
    falling.push(bits);
    assert.ok(bits <= 1.25 * uplink / (i + 1), `${bits} of ${i + 1} viewers`);
    clock.now += CALM_MS + 100;
    assert.ok(given(first) <= 1.08 * uplink / (i + 1));
  }
  assert.ok(falling[7] < falling[3] && falling[3] < falling[1] && falling[1] < falling[0]);
  others.forEach((viewer) => viewer.close());
  clock.now += CALM_MS + 100;
  assert.equal(first.wants()!.quality, "source");
  registry.close();
});

Deno.test("registry leaves to the others what one who chose Low does not need", () => {
  const { registry, clock, several, admit } = setUp({ uplink: 1.6 * FULL });
  const [one, other] = several(2);
  assert.notEqual(one.wants()!.quality, "source");
  other.close();
  clock.now += CALM_MS + 100;
  const low = admit({ quality: "low" });
  assert.ok(low.demand < 0.5 * FULL);
  assert.equal(one.wants()!.quality, "source");
  assert.equal(low.wants()!.quality, 20);
  assert.equal(low.isLowered || one.isLowered, false);
  registry.close();
});

Deno.test("registry leaves to the others what one's own limit makes useless to them", () => {
  const { registry, several, admit } = setUp({ uplink: 1.1 * FULL });
  const [one] = several(1);
  admit({ bits: 500_000 });
  assert.equal(one.wants()!.quality, "source");
  registry.close();
});

Deno.test("registry counts who has priority double, until that ends", () => {
  const { registry, clock, admit, several } = setUp({ uplink: 1.8 * FULL });
  const viewers = [admit({ id: "a" }), ...several(3, { id: "b" })];
  const seen = (milliseconds: number) => {
    clock.now += milliseconds;
    registry.tick();
    const [one, ...others] = viewers.map(given);
    assert.equal(new Set(others).size, 1, `${others}`);
    return { one, other: others[0] };
  };
  // What is given is kept while it is no more than a little too much.
  const most = (share: number) => 1.08 * share * FULL;
  const before = seen(CALM_MS);
  assert.ok(before.one === before.other && before.one <= most(0.45), `${before.one}`);
  registry.prioritise("a", Date.now() + 60_000);
  const during = seen(CALM_MS + 100);
  assert.ok(during.one >= 1.2 * before.one && during.one <= most(0.72), `${during.one}`);
  assert.ok(during.other <= most(0.36), `${during.other}`);
  assert.deepEqual(seen(60_000 - CALM_MS - 1_000), during);
  const after = seen(1_000);
  assert.ok(after.one <= most(0.45), `${after.one}`);
  registry.close();
});

Deno.test("registry takes a source that has just begun for as fast as was asked", () => {
  const { registry, clock, several } = setUp({ uplink: FULL });
  registry.countFrame(SOURCE_BYTES);
  clock.now += 20_000;
  registry.countFrame(SOURCE_BYTES);
  const [first] = several(2);
  assert.notEqual(first.wants()!.quality, "source");
  registry.close();
});

Deno.test("registry shares by the frames that the source gives, not by those asked of it", () => {
  const { registry, clock, several } = setUp({ uplink: FULL });
  for (let i = 0; i < 40; i++) registry.countFrame(SOURCE_BYTES), clock.now += 100;
  const { frames, bits } = registry.sourceRate;
  assert.ok(Math.abs(frames - 10) < 0.6, `${frames}`);
  assert.ok(Math.abs(bits / (FULL / 3) - 1) < 0.06, `${bits}`);
  const [first] = several(2);
  assert.equal(first.wants()!.quality, "source");
  registry.close();
});

Deno.test("registry brings changed settings to that viewer's streams alone", () => {
  const { registry, refreshed, admit } = setUp();
  const [a] = [admit({ id: "a" }), admit({ id: "b" })];
  registry.refresh("a");
  assert.deepEqual(refreshed, [a]);
  registry.close();
});

Deno.test("registry takes a page's report for that person's stream alone", async () => {
  const { registry, clock, admit } = setUp();
  const viewer = admit({ id: "a", stream: "s" });
  const other = admit({ id: "b", stream: "t" });
  const read = [viewer, other].map(readAll);
  for (const each of [viewer, other]) each.deliver(partOf(1));
  await settle();
  clock.now += 40;
  for (const [id, stream] of [["b", "s"], [null, "s"], ["a", "t"], ["a", "unknown"]] as const) {
    registry.painted({ viewer: id, stream, sequence: 1, ago: 10 });
    assert.equal(registry.deliveryOf(id, stream), null);
  }
  assert.equal(viewer.delivery.delay, null);
  registry.painted({ viewer: "a", stream: "s", sequence: 1, ago: 10 });
  const { delay } = registry.deliveryOf("a", "s")!;
  // Thirty after it was sent; it was sent when it was made, give or take.
  assert.ok(delay !== null && delay >= 29 && delay < 100, `${delay} ms`);
  assert.equal(other.delivery.delay, null);
  registry.close();
  await Promise.all(read);
  assert.equal(registry.deliveryOf("a", "s"), null);
});

Deno.test("registry takes a page that connects again under the same name for the new stream", async () => {
  const { registry, clock, admit } = setUp();
  const old = admit({ id: "a", stream: "s" });
  const fresh = admit({ id: "a", stream: "s" });
  const read = [old, fresh].map(readAll);
  fresh.deliver(partOf(1));
  await settle();
  clock.now += 30;
  registry.painted({ viewer: "a", stream: "s", sequence: 1, ago: 0 });
  assert.notEqual(fresh.delivery.delay, null);
  assert.deepEqual(registry.deliveryOf("a", "s"), fresh.delivery);
  old.close();
  assert.deepEqual(registry.deliveryOf("a", "s"), fresh.delivery);
  registry.close();
  await Promise.all(read);
});

Deno.test("registry drops who reads nothing for ten seconds, and nobody else", async () => {
  const { registry, clock, admit, log } = setUp();
  const stalled = admit({ id: "a", port: 1 }), idle = admit({ id: "b", port: 2 });
  const reading = admit({ id: "c", port: 3 });
  const reader = reading.body.getReader(), stuck = stalled.body.getReader();
  await reader.read();
  await stuck.read();
  // The response is there to be sent, but none of it arrives.
  const pending = stuck.read();
  for (let i = 0; i < 44; i++) {
    stalled.deliver(partOf(i + 1));
    const next = reader.read();
    reading.deliver(partOf(i + 1));
    const take = registry.asking();
    const { written } = stalled;
    take(
      new Map([
        ["10.0.0.1 1", { queued: written, acknowledged: 0 }],
        ["10.0.0.1 3", { queued: 0, acknowledged: reading.written }],
      ]),
    );
    await next;
    registry.tick();
    if (i * 250 < 9_900) assert.equal(registry.stalled, 0, `after ${i * 250} ms`);
    clock.now += 250;
  }
  assert.deepEqual([...registry.viewers], [idle, reading]);
  assert.equal(registry.stalled, 1);
  assert.ok((await pending).value);
  await assert.rejects(stuck.read(), /nothing was read/);
  assert.deepEqual(log.lines.filter((line) => line.includes("Dropped")), [
    "debug: Dropped a viewer who read nothing for 10 seconds",
  ]);
  registry.close();
});

Deno.test("registry has nothing to ask the kernel without viewers, or where pages tell", async () => {
  const { registry, admit } = setUp();
  assert.equal(registry.askEvery, Infinity);
  const page = admit({ id: "a", stream: "s" });
  const reader = page.body.getReader();
  await reader.read();
  const pending = reader.read();
  await settle();
  page.deliver(partOf(1));
  await pending;
  assert.ok(registry.askEvery <= 2000, "until the page tells anything");
  registry.painted({ viewer: "a", stream: "s", sequence: 1, ago: 0 });
  assert.equal(registry.askEvery, Infinity);
  registry.silent("a", "s");
  assert.ok(registry.askEvery <= 2000, "when its socket is gone");
  page.close();
  assert.equal(registry.askEvery, Infinity);
  admit();
  assert.ok(registry.askEvery <= 2000, "for a program, which tells nothing");
  registry.close();
});

for (
  const [hostname, told] of [
    ["192.168.1.7", "192.168.1.7"],
    ["::ffff:192.168.1.7", "192.168.1.7"],
    ["fe80::1%eth0", "fe80::1"],
    ["2001:DB8::1", "2001:db8::1"],
  ]
) {
  Deno.test(`registry finds the viewer from ${hostname} in what the kernel tells`, async () => {
    const { registry, clock, admit } = setUp();
    const viewer = admit({ hostname, port: 5000 });
    const other = admit({ hostname, port: 5001 });
    const read = [viewer, other].map(readAll);
    viewer.deliver(partOf(1));
    other.deliver(partOf(1));
    await settle();
    clock.now += 80;
    registry.asking()(
      new Map([[`${told} 5000`, { queued: 1000 }], ["10.9.9.9 5001", { queued: 0 }]]),
    );
    const { delay } = viewer.delivery;
    assert.ok(delay !== null && delay >= 79 && delay < 200, `${delay} ms`);
    assert.equal(other.delivery.delay, null);
    registry.close();
    await Promise.all(read);
  });
}

Deno.test("registry counts for nobody else what the kernel told of a viewer who has gone since", async () => {
  const { registry, clock, admit } = setUp();
  const first = admit({ port: 5000 });
  const read = [readAll(first)];
  first.deliver(partOf(1));
  await settle();
  const take = registry.asking();
  const second = admit({ port: 5000 });
  read.push(readAll(second));
  second.deliver(partOf(2));
  await settle();
  clock.now += 80;
  take(new Map([["10.0.0.1 5000", { queued: 0 }]]));
  assert.equal(second.delivery.delay, null);
  registry.close();
  await Promise.all(read);
});

Deno.test("registry ends everyone's stream when it closes", async () => {
  const { registry, joined, admit } = setUp();
  const others = joined.size;
  const reader = admit().body.getReader();
  await reader.read();
  registry.close();
  assert.equal((await reader.read()).done, true);
  assert.equal(joined.size, others);
});

Deno.test("registry's totals keep what those were sent who have left", async () => {
  const { registry, several, clock } = setUp();
  const viewers = several(2);
  const read = viewers.map(readAll);
  viewers[0].deliver(partOf(1));
  viewers[1].deliver(partOf(1));
  await settle();
  const before = registry.totals;
  assert.equal(before.frames, 2);
  assert(before.bytes > 2 * SOURCE_BYTES && before.bytes < 2 * SOURCE_BYTES + 1000);
  viewers[0].close();
  assert.deepEqual(registry.totals, before);
  // By then nothing more is waited for to know the link by.
  clock.now += 1000;
  viewers[1].deliver(partOf(2));
  await settle();
  registry.close();
  assert.deepEqual([registry.totals.frames, registry.count], [3, 0]);
  await Promise.all(read);
});

Deno.test("registry tells at debug alone who comes and leaves", () => {
  const { log, admit } = setUp();
  admit().close();
  assert.deepEqual(log.lines, ["debug: A viewer came", "debug: A viewer left"]);
});
