import assert from "node:assert/strict";
import { frameOf } from "../../src/media/packet.ts";
import { Ladder } from "../../src/consumers/session/ladder.ts";
import type { Consumer } from "../../src/streams/consumer.ts";
import { encodePart } from "../../src/media/multipart.ts";
import { SOURCE } from "../../src/media/rendition.ts";
import { Audience } from "../../src/audience/audience.ts";
import { StreamSessions } from "../../src/audience/stream_sessions.ts";
import { DEFAULT_CHOICES } from "../../src/consumers/session/choices.ts";
import type { QualityName } from "../../src/media/qualities.ts";
import { StreamConditions } from "../../src/consumers/session/conditions.ts";
import { SourceRate } from "../../src/consumers/session/source_rate.ts";
import type { SocketStatistics } from "../../src/net/socket_statistics.ts";
import type { Session } from "../../src/consumers/session/session.ts";
import { recordingLog } from "../support/recording_log.ts";
import { settle } from "../consumers/session/connection.ts";

const SOURCE_BYTES = 40_000;
const FPS = 30;
/** Bits a second of the source. */
const FULL = SOURCE_BYTES * 8 * FPS;

interface Newcomer {
  readonly id?: string | null;
  readonly page?: string | null;
  readonly quality?: QualityName;
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
  const monotonic = () => clock.now;
  const source = new SourceRate(FPS, { monotonic });
  const streamOf = (consumers: Set<Consumer>) => {
    const broadcast = {
      join: (consumer: Consumer) => void consumers.add(consumer),
      leave: (consumer: Consumer) => void consumers.delete(consumer),
      refresh: (consumer: Consumer) => void refreshed.push(consumer),
    };
    const gaming = { quality: "source" } as const;
    const conditions = new StreamConditions({ source, gaming, clock: { monotonic } });
    conditions.measured(partOf(0));
    return new StreamSessions(broadcast, conditions, { monotonic });
  };
  const previewed = new Set<Consumer>();
  /** What the kernel reports, and whose connections it was polled for. */
  const sockets = new Map<string, SocketStatistics>();
  const polled: string[] = [];
  const statisticsOf = (key: string) => {
    polled.push(key);
    return sockets.get(key) ?? null;
  };
  const audience = new Audience({
    program: streamOf(joined),
    camera: streamOf(previewed),
    limits: { maxViewers: 10, maxPerAddress: 10, uplink: null, ...given },
    connections: { statisticsOf, prepareStream: () => true },
    log,
    clock: { wall: () => Date.now(), monotonic },
  });
  let port = 40_000;
  const ask = (newcomer: Newcomer = {}) => {
    const { id = null, quality = "high", hostname = "10.0.0.1", page, bits } = newcomer;
    const { client, isForwarded } = newcomer;
    const remote = { hostname, port: newcomer.port ?? ++port };
    const choices = () => ({ ...DEFAULT_CHOICES, quality });
    return audience.admit({ id, choices, remote, client, isForwarded, page, bits });
  };
  const admit = (newcomer: Newcomer = {}) => {
    const viewer = ask(newcomer);
    assert(typeof viewer !== "string", `no room: ${viewer}`);
    return viewer;
  };
  const several = (count: number, newcomer: Newcomer = {}) =>
    Array.from({ length: count }, () => admit(newcomer));
  /** Polls whoever is due, and returns for whom the kernel was polled. */
  const poll = () => {
    audience.kernel.poll();
    return polled.splice(0);
  };
  return {
    ...{ clock, source, joined, previewed, refreshed, audience, ask, admit, several, log },
    ...{ sockets, poll },
  };
}

function partOf(sequence: number, bytes = SOURCE_BYTES) {
  const frame = frameOf(new Uint8Array(), sequence, Date.now());
  return encodePart(frame, SOURCE, new Uint8Array(bytes));
}

/** A change for the better is made no sooner after the last one. Milliseconds. */
const CALM_MS = 3_000;

/** Bits a second of what the viewer is to be given. */
function given(viewer: Session): number {
  const ladder = new Ladder();
  ladder.measured(SOURCE, SOURCE_BYTES, 0);
  return ladder.bytesOf(viewer.decide()!) * 8 * FPS;
}

/** Reads what is sent, without end. */
function readAll(viewer: Session): Promise<void> {
  return viewer.body.pipeTo(new WritableStream()).catch(() => {});
}

Deno.test("audience admits no more viewers than allowed, until one leaves", async () => {
  const { audience, joined, ask, several } = setUp({ maxViewers: 3 });
  const others = joined.size;
  const viewers = several(3);
  assert.equal(ask(), "full");
  assert.equal(joined.size, others + 3);
  await viewers[0].body.cancel();
  assert.equal(audience.count, 2);
  assert.equal(joined.size, others + 2);
  assert.notEqual(ask(), "full");
  audience.close();
});

Deno.test("audience admits no more viewers of one address than allowed, until one leaves", async () => {
  const { audience, joined, ask, several } = setUp({ maxPerAddress: 2 });
  const others = joined.size;
  const [first] = several(2, { hostname: "10.0.0.1" });
  assert.equal(ask({ hostname: "10.0.0.1" }), "address full");
  assert.equal(joined.size, others + 2);
  several(2, { hostname: "10.0.0.2" });
  await first.body.cancel();
  several(1, { hostname: "10.0.0.1" });
  assert.equal(ask({ hostname: "10.0.0.1" }), "address full");
  audience.close();
});

Deno.test("audience counts viewers behind a proxy by their own addresses", () => {
  const { audience, ask, several } = setUp({ maxPerAddress: 2 });
  const behind = { hostname: "10.0.0.1", isForwarded: true };
  several(2, { ...behind, client: "203.0.113.1" });
  assert.equal(ask({ ...behind, client: "203.0.113.1" }), "address full");
  several(2, { ...behind, client: "203.0.113.2" });
  audience.close();
});

Deno.test("audience takes no kernel report for viewers behind a proxy", () => {
  const { audience, admit, sockets, poll } = setUp();
  const viewer = admit({ port: 5000, client: "203.0.113.1", isForwarded: true });
  viewer.traffic.acknowledgeByKernel = () => assert.fail("the kernel knows the proxy alone");
  sockets.set("10.0.0.1 5000", { queued: 0, unsent: 0 });
  assert.deepEqual(poll(), []);
  audience.close();
});

Deno.test("audience passes each of two sessions of one connection all that waits there, and no more", () => {
  const { audience, clock, admit, sockets, poll } = setUp();
  const first = admit({ port: 5000 });
  const second = admit({ port: 5000, hostname: "::ffff:10.0.0.1" });
  assert.equal(audience.count, 2);
  const reported: [Session, SocketStatistics][] = [];
  for (const viewer of [first, second]) {
    viewer.traffic.acknowledgeByKernel = (socket) => reported.push([viewer, socket]);
  }
  const socket = { queued: 700, unsent: 0, acknowledged: 5000, roundTrip: 20 };
  sockets.set("10.0.0.1 5000", socket);
  assert.deepEqual(poll(), ["10.0.0.1 5000"]);
  const shared = { queued: 700, unsent: 0, roundTrip: 20 };
  assert.deepEqual(reported.splice(0), [[first, shared], [second, shared]]);
  first.close();
  clock.now += 2000;
  poll();
  assert.deepEqual(reported, [[second, socket]]);
  audience.close();
});

Deno.test("audience lets everyone have the source without a limit", () => {
  const { audience, several } = setUp();
  const viewers = several(8);
  audience.tick();
  assert.deepEqual(new Set(viewers.map((viewer) => viewer.decide()!.quality)), new Set(["source"]));
  assert.ok(
    viewers.every((viewer) => viewer.delivery.why === "chosen" && !viewer.traffic.loweredFrom),
  );
  audience.close();
});

for (const count of [2, 3, 8]) {
  Deno.test(`audience gives each of ${count} viewers the same of an uplink worth one stream`, () => {
    const { audience, several } = setUp({ uplink: FULL });
    const [alone] = several(1);
    assert.equal(alone.decide()!.quality, "source");
    const viewers = [alone, ...several(count - 1)];
    const renditions = viewers.map((viewer) => JSON.stringify(viewer.decide()));
    assert.equal(new Set(renditions).size, 1);
    assert.notEqual(viewers[0].decide()!.quality, "source");
    for (const viewer of viewers) {
      assert.notEqual(viewer.traffic.loweredFrom, null);
      assert.equal(viewer.delivery.why, "uplink");
    }
    audience.close();
  });
}

Deno.test("audience gives less to each, the more they are, and it all back as they go", () => {
  const uplink = 1.1 * FULL;
  const { audience, clock, several } = setUp({ uplink });
  const [first] = several(1);
  const falling = [given(first)];
  const others: Session[] = [];
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
  assert.equal(first.decide()!.quality, "source");
  audience.close();
});

Deno.test("audience leaves to the others what one who chose Low does not need", () => {
  const { audience, clock, several, admit } = setUp({ uplink: 1.6 * FULL });
  const [one, other] = several(2);
  assert.notEqual(one.decide()!.quality, "source");
  other.close();
  clock.now += CALM_MS + 100;
  const low = admit({ quality: "low" });
  assert.ok(low.traffic.demand < 0.5 * FULL);
  assert.equal(one.decide()!.quality, "source");
  assert.equal(low.decide()!.quality, 20);
  assert.equal(low.traffic.loweredFrom ?? one.traffic.loweredFrom, null);
  audience.close();
});

Deno.test("audience leaves to the others what one's own limit makes useless to them", () => {
  const { audience, several, admit } = setUp({ uplink: 1.1 * FULL });
  const [one] = several(1);
  admit({ bits: 500_000 });
  assert.equal(one.decide()!.quality, "source");
  audience.close();
});

Deno.test("audience counts viewers with priority double, until that ends", () => {
  const { audience, clock, admit, several } = setUp({ uplink: 1.8 * FULL });
  const viewers = [admit({ id: "a" }), ...several(3, { id: "b" })];
  const seen = (milliseconds: number) => {
    clock.now += milliseconds;
    audience.tick();
    const [one, ...others] = viewers.map(given);
    assert.equal(new Set(others).size, 1, `${others}`);
    return { one, other: others[0] };
  };
  // What is given is kept while it is no more than a little too much.
  const most = (share: number) => 1.08 * share * FULL;
  const before = seen(CALM_MS);
  assert.ok(before.one === before.other && before.one <= most(0.45), `${before.one}`);
  audience.prioritise("a", Date.now() + 60_000);
  const during = seen(CALM_MS + 100);
  assert.ok(during.one >= 1.2 * before.one && during.one <= most(0.72), `${during.one}`);
  assert.ok(during.other <= most(0.36), `${during.other}`);
  assert.deepEqual(seen(60_000 - CALM_MS - 1_000), during);
  const after = seen(1_000);
  assert.ok(after.one <= most(0.45), `${after.one}`);
  audience.close();
});

Deno.test("audience takes a source that has just begun for as fast as was asked", () => {
  const { audience, source, clock, several } = setUp({ uplink: FULL });
  source.count(SOURCE_BYTES);
  clock.now += 20_000;
  source.count(SOURCE_BYTES);
  const [first] = several(2);
  assert.notEqual(first.decide()!.quality, "source");
  audience.close();
});

Deno.test("audience shares by the frames that the source gives, not by those asked of it", () => {
  const { audience, source, clock, several } = setUp({ uplink: FULL });
  for (let i = 0; i < 40; i++) source.count(SOURCE_BYTES), clock.now += 100;
  const { frames, bits } = source.rate;
  assert.ok(Math.abs(frames - 10) < 0.6, `${frames}`);
  assert.ok(Math.abs(bits / (FULL / 3) - 1) < 0.06, `${bits}`);
  const [first] = several(2);
  assert.equal(first.decide()!.quality, "source");
  audience.close();
});

Deno.test("audience brings changed choices to that viewer's sessions alone", () => {
  const { audience, refreshed, admit } = setUp();
  const [a] = [admit({ id: "a" }), admit({ id: "b" })];
  audience.refresh("a");
  assert.deepEqual(refreshed, [a]);
  audience.close();
});

Deno.test("audience takes a page's report for that person's stream alone", async () => {
  const { audience, clock, admit } = setUp();
  const viewer = admit({ id: "a", page: "s" });
  const other = admit({ id: "b", page: "t" });
  const read = [viewer, other].map(readAll);
  for (const each of [viewer, other]) each.deliver(partOf(1));
  await settle();
  clock.now += 40;
  for (const [id, stream] of [["b", "s"], [null, "s"], ["a", "t"], ["a", "unknown"]] as const) {
    audience.pages.painted({ viewer: id, stream, sequence: 1, ago: 10 });
    assert.equal(audience.pages.deliveryOf(id, stream), null);
  }
  assert.equal(viewer.delivery.delay, null);
  audience.pages.painted({ viewer: "a", stream: "s", sequence: 1, ago: 10 });
  const { delay } = audience.pages.deliveryOf("a", "s")!;
  // Thirty after it was sent; it was sent when it was made, give or take.
  assert.ok(delay !== null && delay >= 29 && delay < 100, `${delay} ms`);
  assert.equal(other.delivery.delay, null);
  audience.close();
  await Promise.all(read);
  assert.equal(audience.pages.deliveryOf("a", "s"), null);
});

Deno.test("audience takes a page that connects again under the same name for the new stream", async () => {
  const { audience, clock, admit } = setUp();
  const old = admit({ id: "a", page: "s" });
  const fresh = admit({ id: "a", page: "s" });
  const read = [old, fresh].map(readAll);
  fresh.deliver(partOf(1));
  await settle();
  clock.now += 30;
  audience.pages.painted({ viewer: "a", stream: "s", sequence: 1, ago: 0 });
  assert.notEqual(fresh.delivery.delay, null);
  assert.deepEqual(audience.pages.deliveryOf("a", "s"), fresh.delivery);
  old.close();
  assert.deepEqual(audience.pages.deliveryOf("a", "s"), fresh.delivery);
  audience.close();
  await Promise.all(read);
});

Deno.test("audience drops viewers who read nothing for ten seconds, and nobody else", async () => {
  const { audience, clock, admit, sockets, poll, log } = setUp();
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
    const { written } = stalled.traffic;
    sockets.set("10.0.0.1 1", { queued: written, unsent: 0, acknowledged: 0 });
    const acknowledged = reading.traffic.written;
    sockets.set("10.0.0.1 3", { queued: 0, unsent: 0, acknowledged });
    poll();
    await next;
    audience.tick();
    if (i * 250 < 9_900) assert.equal(audience.totals.stalled, 0, `after ${i * 250} ms`);
    clock.now += 250;
  }
  assert.deepEqual([...audience.viewers], [idle, reading]);
  assert.equal(audience.totals.stalled, 1);
  assert.ok((await pending).value);
  await assert.rejects(stuck.read(), /nothing was read/);
  assert.deepEqual(log.lines.filter((line) => line.includes("dropped")), [
    "debug: Viewer dropped: it read nothing for 10 seconds",
  ]);
  audience.close();
});

Deno.test("audience polls no kernel without viewers", () => {
  const { audience, clock, admit, poll } = setUp();
  const polls = () => {
    clock.now += 2000;
    return poll().length;
  };
  assert.equal(polls(), 0);
  const page = admit({ id: "a", page: "s" });
  assert.equal(polls(), 1);
  page.close();
  assert.equal(polls(), 0);
  audience.close();
});

for (
  const [hostname, reported] of [
    ["192.168.1.7", "192.168.1.7"],
    ["::ffff:192.168.1.7", "192.168.1.7"],
    ["fe80::1%eth0", "fe80::1"],
    ["2001:DB8::1", "2001:db8::1"],
  ]
) {
  Deno.test(`audience finds the viewer from ${hostname} in the kernel's report`, async () => {
    const { audience, clock, admit, sockets, poll } = setUp();
    const viewer = admit({ hostname, port: 5000 });
    const other = admit({ hostname, port: 5001 });
    const read = [viewer, other].map(readAll);
    viewer.deliver(partOf(1));
    other.deliver(partOf(1));
    await settle();
    clock.now += 80;
    sockets.set(`${reported} 5000`, { queued: 1000, unsent: 0 });
    sockets.set("10.9.9.9 5001", { queued: 0, unsent: 0 });
    poll();
    const { delay } = viewer.delivery;
    assert.ok(delay !== null && delay >= 79 && delay < 200, `${delay} ms`);
    assert.equal(other.delivery.delay, null);
    audience.close();
    await Promise.all(read);
  });
}

Deno.test("audience ends everyone's stream when it closes", async () => {
  const { audience, joined, admit } = setUp();
  const others = joined.size;
  const reader = admit().body.getReader();
  await reader.read();
  audience.close();
  assert.equal((await reader.read()).done, true);
  assert.equal(joined.size, others);
});

Deno.test("audience's totals keep what those were sent who have left", async () => {
  const { audience, several, clock } = setUp();
  const viewers = several(2);
  const read = viewers.map(readAll);
  viewers[0].deliver(partOf(1));
  viewers[1].deliver(partOf(1));
  await settle();
  const before = audience.totals;
  assert.equal(before.frames, 2);
  assert(before.bytes > 2 * SOURCE_BYTES && before.bytes < 2 * SOURCE_BYTES + 1000);
  viewers[0].close();
  assert.deepEqual(audience.totals, before);
  // By then nothing more is waited for to know the link by.
  clock.now += 1000;
  viewers[1].deliver(partOf(2));
  await settle();
  audience.close();
  assert.deepEqual([audience.totals.frames, audience.count], [3, 0]);
  await Promise.all(read);
});

Deno.test("audience logs only at debug who comes and leaves", () => {
  const { log, admit } = setUp();
  admit().close();
  assert.deepEqual(log.lines, ["debug: Viewer joined", "debug: Viewer left"]);
});

Deno.test("audience has room for eight previews, which count among no viewers", async () => {
  const { audience, previewed, admit } = setUp({ maxViewers: 1, uplink: FULL });
  const others = previewed.size;
  const remote = { hostname: "10.0.0.1", port: 1 };
  const previews = Array.from({ length: 8 }, () => audience.preview({ remote }));
  assert.equal(previewed.size, others + 8);
  assert.equal(audience.preview({ remote }), null);
  const viewer = admit();
  audience.tick();
  assert.deepEqual([...audience.viewers], [viewer]);
  assert.deepEqual([audience.count, audience.isWatching("")], [1, false]);
  // Neither do they take from the viewer's share of the uplink.
  assert.equal(viewer.decide()!.quality, "source");
  assert.equal(previews[0]!.decide()!.quality, "source");
  await previews[0]!.body.cancel();
  assert.equal(audience.has(previews[0]!), false);
  assert.notEqual(audience.preview({ remote }), null);
  audience.close();
  assert.equal(previewed.size, others);
});

Deno.test("audience drops a preview that nobody reads for ten seconds", async () => {
  const { audience, clock, sockets, poll, log } = setUp();
  let cuts = 0;
  const remote = { hostname: "10.0.0.1", port: 1 };
  const preview = audience.preview({ remote, onCut: () => cuts++ })!;
  const reader = preview.body.getReader();
  await reader.read();
  const pending = reader.read();
  for (let i = 0; i < 44; i++) {
    preview.deliver(partOf(i + 1));
    const { written } = preview.traffic;
    sockets.set("10.0.0.1 1", { queued: written, unsent: 0, acknowledged: 0 });
    poll();
    audience.tick();
    if (i * 250 < 9_900) assert.equal(cuts, 0, `after ${i * 250} ms`);
    clock.now += 250;
  }
  assert.deepEqual([cuts, audience.has(preview), audience.totals.stalled], [1, false, 0]);
  assert.ok((await pending).value);
  await assert.rejects(reader.read(), /nothing was read/);
  assert.deepEqual(log.lines, []);
});

const SOUND = 80_000;

Deno.test("sound comes first on the uplink: pictures share the rest", () => {
  const { audience, admit } = setUp({ uplink: FULL });
  const viewers = [admit({ id: "a", page: "one" }), admit({ id: "b", page: "two" })];
  audience.tick();
  assert.deepEqual(sharesOf(viewers), [FULL / 2, FULL / 2]);
  audience.reserve([
    { viewer: "a", stream: "one", bits: SOUND },
    { viewer: "c", stream: null, bits: 3 * SOUND },
  ]);
  audience.tick();
  assert.deepEqual(sharesOf(viewers), [FULL / 2 - 2 * SOUND, FULL / 2 - 2 * SOUND]);
  audience.reserve([]);
  audience.tick();
  assert.deepEqual(sharesOf(viewers), [FULL / 2, FULL / 2]);
});

Deno.test("programs get theirs of the uplink: pages share the rest", () => {
  const { audience, admit } = setUp({ uplink: FULL });
  const viewers = [admit({ id: "a", page: "one" }), admit({ id: "b", page: "two" })];
  audience.leaveToPrograms(FULL / 2);
  audience.reserve([]);
  audience.tick();
  assert.deepEqual(sharesOf(viewers), [FULL / 4, FULL / 4]);
});

Deno.test("pictures keep a quarter of an uplink that sound would fill", () => {
  const { audience, admit } = setUp({ uplink: FULL });
  const viewer = admit();
  audience.reserve([{ viewer: null, stream: null, bits: 2 * FULL }]);
  audience.tick();
  assert.deepEqual(sharesOf([viewer]), [FULL / 4]);
});

Deno.test("sound is reserved for the session of the page that listens, and no other", () => {
  const { audience, admit } = setUp();
  const viewers = [
    admit({ id: "a", page: "one" }),
    admit({ id: "a", page: "two" }),
    admit({ id: "b", page: "one" }),
    admit({ id: "a" }),
  ];
  audience.reserve([{ viewer: "a", stream: "one", bits: SOUND }]);
  assert.deepEqual(reservedOf(viewers), [SOUND, 0, 0, 0]);
  audience.reserve([{ viewer: "a", stream: null, bits: SOUND }]);
  assert.deepEqual(reservedOf(viewers), [0, 0, 0, 0]);
});

Deno.test("a page that connects anew has its sound reserved again", () => {
  const { audience, admit } = setUp();
  const listening = [{ viewer: "a", stream: "one", bits: SOUND }];
  const first = admit({ id: "a", page: "one" });
  audience.reserve(listening);
  first.close();
  const second = admit({ id: "a", page: "one" });
  audience.reserve(listening);
  assert.deepEqual(reservedOf([second]), [SOUND]);
});

/** Returns each session's share of the uplink. */
function sharesOf(sessions: readonly Session[]): number[] {
  return sessions.map(({ traffic }) => traffic.share);
}

/** Returns what is reserved for the sound of each session's page. */
function reservedOf(sessions: readonly Session[]): number[] {
  return sessions.map(({ traffic }) => traffic.reserved);
}
