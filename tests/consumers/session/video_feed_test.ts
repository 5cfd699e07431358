import assert from "node:assert/strict";
import fc from "fast-check";
import { VideoFeed } from "../../../src/consumers/session/video_feed.ts";
import { H264_RENDITIONS } from "../../../src/media/h264/renditions.ts";
import { type Rendition, SOURCE } from "../../../src/media/rendition.ts";
import type { VideoPart } from "../../../src/media/video_part.ts";
import { partOf, SimulatedTracks } from "./simulated_tracks.ts";

const [FULL, , HALF] = H264_RENDITIONS;
const BRIDGE = SOURCE.with({ quality: 30, scale: 0.5 });

/** A feed whose time, link and tracks are the test's. */
class Run {
  readonly tracks = new SimulatedTracks();
  readonly link = { now: 0, lag: 0 };
  /** What was written: the index of a packet, or `jpeg`. */
  readonly written: { readonly sequence: number; readonly index: number | "jpeg" }[] = [];
  readonly feed: VideoFeed;
  queue: VideoPart[] = [];
  /** Whether the link takes packets. */
  isOpen = true;
  videoWait = 0;
  #index = 0;

  constructor() {
    const written = this.written, wait = () => this.videoWait;
    this.feed = new VideoFeed(this.tracks, this.link, {
      get sequence() {
        return written.at(-1)?.sequence ?? 0;
      },
      get sent() {
        return written.length;
      },
      get videoWait() {
        return wait();
      },
      putVideo: (part) => {
        this.queue.push(part);
        this.flush();
        return true;
      },
      dropVideo: () => {
        this.queue = [];
        this.videoWait = 0;
      },
      dropPicture: () => {},
    });
  }

  /** Writes what waits. */
  flush(): void {
    for (; this.isOpen && this.queue.length > 0; this.queue.shift()) {
      const { packet: { sequence, index } } = this.queue[0];
      this.written.push({ sequence, index });
    }
  }

  /** Lets the feed decide on a frame, and writes the JPEG that it gives. */
  frame(sequence: number, wanted: Rendition = FULL): Rendition | null {
    this.link.now += 33;
    const given = this.feed.decide(wanted, () => BRIDGE);
    if (given) this.picture(sequence);
    return given;
  }

  picture(sequence: number): void {
    if (!this.feed.takesPicture(sequence)) return;
    this.written.push({ sequence, index: "jpeg" });
    this.feed.wrotePicture();
  }

  /** Gives a packet to all who joined the track. */
  packet(sequence: number, isKey = false, rendition = FULL, index = ++this.#index): void {
    const part = partOf(rendition, { sequence, isKey, index, at: 0, bytes: 10 });
    for (const consumer of [...this.tracks.trackOf(rendition)!.consumers]) {
      consumer.deliver(part.packet, part);
    }
  }

  joined(rendition: Rendition): number {
    return this.tracks.trackOf(rendition)!.consumers.size;
  }
}

Deno.test("feed bridges with JPEGs until there is a key packet, then gives each packet", () => {
  const run = new Run();
  assert.equal(run.frame(1), BRIDGE);
  assert.ok(run.tracks.trackOf(FULL)!.isAsked);
  run.packet(1);
  run.tracks.trackOf(FULL)!.isAsked = false;
  assert.equal(run.frame(2), BRIDGE);
  run.packet(2, true);
  for (let sequence = 3; sequence < 6; sequence++) {
    assert.equal(run.frame(sequence), null);
    run.packet(sequence);
  }
  assert.deepEqual(run.written.map(({ index }) => index), ["jpeg", "jpeg", 2, 3, 4, 5]);
});

Deno.test("feed gives no JPEG for 100 ms while a key packet is near, but for the first one", () => {
  const run = new Run();
  const given = [1, 2, 3, 4, 5, 6, 7].map((sequence) => run.frame(sequence));
  assert.deepEqual(given.map((one) => one !== null), [true, false, false, false, true, true, true]);
});

Deno.test("feed takes no key packet that is older than the last JPEG", () => {
  const run = new Run();
  run.frame(1);
  run.picture(5);
  run.packet(4, true);
  run.packet(5);
  assert.ok(!run.feed.isInStep);
  run.packet(6, true);
  assert.ok(run.feed.isInStep);
});

Deno.test("feed that is behind drops what waits, and takes a key packet once the queue is gone", () => {
  const run = new Run();
  run.frame(1);
  run.packet(1, true);
  run.isOpen = false;
  run.packet(2);
  run.videoWait = 260;
  run.link.lag = 200;
  assert.equal(run.frame(3), BRIDGE);
  assert.equal(run.queue.length, 0);
  run.isOpen = true;
  run.link.lag = 300;
  assert.equal(run.frame(4), BRIDGE);
  run.packet(4, true);
  assert.ok(!run.feed.isInStep);
  run.link.lag = 50;
  run.frame(5);
  run.packet(5, true);
  assert.ok(run.feed.isInStep);
});

Deno.test("feed changes between tracks without a bridge, at the key packet of the next one", () => {
  const run = new Run();
  run.frame(1);
  run.packet(1, true);
  assert.equal(run.frame(2, HALF), null);
  assert.deepEqual([run.joined(FULL), run.joined(HALF)], [1, 1]);
  run.packet(2);
  run.packet(2, false, HALF, 70);
  run.packet(3);
  run.packet(3, true, HALF, 71);
  assert.deepEqual([run.joined(FULL), run.joined(HALF)], [0, 1]);
  run.packet(4, false, HALF, 72);
  assert.deepEqual(run.written.map(({ index }) => index), ["jpeg", 1, 2, 3, 71, 72]);
});

Deno.test("feed leaves its track when the first JPEG is written", () => {
  const run = new Run();
  run.frame(1);
  run.packet(1, true);
  assert.equal(run.feed.decide(SOURCE, () => BRIDGE), SOURCE);
  run.packet(2);
  assert.equal(run.joined(FULL), 1);
  run.picture(1);
  assert.equal(run.joined(FULL), 1);
  run.picture(2);
  assert.equal(run.joined(FULL), 0);
});

Deno.test("feed leaves its track even if JPEGs always come later than its packets", () => {
  const run = new Run();
  run.frame(1);
  run.packet(1, true);
  for (let sequence = 2; run.joined(FULL) > 0; sequence++) {
    assert.ok(sequence < 15);
    assert.equal(run.feed.decide(SOURCE, () => BRIDGE), SOURCE);
    run.packet(sequence);
    run.picture(sequence - 1);
    run.link.now += 33;
  }
});

Deno.test("feed gets into step with an encoder that takes long", () => {
  const run = new Run(), track = run.tracks.trackOf(FULL)!;
  const encoding: { readonly sequence: number; readonly isKey: boolean }[] = [];
  for (let sequence = 1; !run.feed.isInStep; sequence++) {
    assert.ok(sequence < 60);
    run.frame(sequence);
    const isKey = track.isAsked && !encoding.some((one) => one.isKey);
    encoding.push({ sequence, isKey });
    if (encoding.length < 7) continue;
    const done = encoding.shift()!;
    if (done.isKey) track.isAsked = false;
    run.packet(done.sequence, done.isKey);
  }
});

Deno.test("feed leaves its tracks when it is closed", () => {
  const run = new Run();
  run.frame(1);
  run.packet(1, true);
  run.frame(2, HALF);
  run.feed.close();
  run.frame(3);
  assert.deepEqual([run.joined(FULL), run.joined(HALF)], [0, 0]);
});

Deno.test("feed bridges at once when its track becomes unavailable or gives nothing for half a second", () => {
  const run = new Run();
  run.frame(1);
  run.packet(1, true);
  run.tracks.trackOf(FULL)!.isAvailable = false;
  assert.equal(run.frame(2), BRIDGE);
  const stuck = new Run();
  stuck.frame(1);
  stuck.packet(1, true);
  const given = Array.from({ length: 20 }, (_, i) => stuck.frame(i + 2));
  assert.equal(given.findIndex((one) => one !== null), 15);
  assert.ok(stuck.feed.hasFailed);
  stuck.link.now += 5000;
  assert.ok(!stuck.feed.hasFailed);
});

Deno.test("feed writes no delta without its predecessor, and no sequence that falls, whatever happens", () => {
  const action = fc.oneof(
    { weight: 6, arbitrary: fc.constant("frame" as const) },
    fc.constantFrom(
      "half",
      "jpeg",
      "late",
      "behind",
      "shut",
      "open",
      "lost",
      "old",
      "off",
    ) as fc.Arbitrary<string>,
  );
  fc.assert(fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
    const run = new Run();
    const indices = new Map<Rendition, number>([[FULL, 0], [HALF, 1000]]);
    const keys = new Set<number>();
    let sequence = 0, wanted: Rendition = FULL;
    for (const [i, one] of actions.entries()) {
      if (one === "half") wanted = wanted === HALF ? FULL : HALF;
      if (one === "jpeg") wanted = wanted === SOURCE ? FULL : SOURCE;
      run.link.lag = one === "behind" ? 300 : 0;
      if (one === "late") run.videoWait = 300;
      if (one === "shut" || one === "open") run.isOpen = one === "open";
      run.flush();
      run.tracks.trackOf(FULL)!.isAvailable = one !== "off";
      run.frame(++sequence, wanted);
      for (const [rendition, index] of indices) {
        indices.set(rendition, index + 1);
        const isKey = i % 5 === (rendition === FULL ? 0 : 2);
        if (isKey) keys.add(index + 1);
        if (one !== "lost") {
          run.packet(one === "old" ? sequence - 1 : sequence, isKey, rendition, index + 1);
        }
      }
    }
    let last: number | "jpeg" = "jpeg", highest = 0;
    for (const { sequence, index } of run.written) {
      assert.ok(sequence >= highest, `${sequence} after ${highest}`);
      highest = sequence;
      if (index !== "jpeg" && !keys.has(index)) assert.equal(index, Number(last) + 1);
      last = index;
    }
  }));
});
