import assert from "node:assert/strict";
import { Controller } from "../../../src/consumers/session/controller.ts";
import { Ladder } from "../../../src/consumers/session/ladder.ts";
import { Link } from "../../../src/consumers/session/link.ts";
import { Probes } from "../../../src/consumers/session/probes.ts";
import { type Rendition, SOURCE } from "../../../src/media/rendition.ts";
import { sizeOf } from "./frame_sizes.ts";

const FPS = 30;
const FRAME_MS = 100 / 3;

/** A controller at a frame rate, whose link shows whatever a test says. */
class Run {
  readonly ladder = new Ladder();
  readonly link = new Link();
  readonly controller: Controller;
  bounds = { ceiling: SOURCE, fps: FPS, allowance: Infinity };
  now = 0;
  given: Rendition = SOURCE;
  /** When the rendition changed. */
  readonly changes: number[] = [];
  #arrived = 0;
  #backlog = 0;

  constructor(probes = new Probes()) {
    this.ladder.measured(SOURCE, sizeOf(SOURCE), 0);
    for (let next; (next = this.ladder.unmeasured(SOURCE, 0));) {
      this.ladder.measured(next, sizeOf(next), 0);
    }
    this.controller = new Controller(this.ladder, this.link, probes);
  }

  /** Bits a second that are sent, with what is added to try the link. */
  get sent(): number {
    return (sizeOf(this.given) + this.controller.padding) * 8 * FPS;
  }

  /** Shows a queue of so many milliseconds, for so long, while so many bits a second arrive. */
  queue(milliseconds: number, queueing: number, rate: number): this {
    for (const end = this.now + milliseconds; this.now < end; this.now += FRAME_MS) {
      this.#arrived += rate / 8000 * FRAME_MS;
      this.controller.offered(false);
      this.#show(queueing * rate / 8000, queueing + 5);
    }
    return this;
  }

  /** Lets time pass on a link that carries so many bits a second. */
  pass(milliseconds: number, capacity = Infinity): this {
    for (const end = this.now + milliseconds; this.now < end; this.now += FRAME_MS) {
      const bytes = this.sent / 8000 * FRAME_MS;
      const moved = Math.min(this.#backlog + bytes, capacity / 8000 * FRAME_MS);
      // What would wait longer is held back, as the steering does.
      const most = capacity === Infinity ? 0 : capacity / 8000 * 250;
      const backlog = Math.min(most, this.#backlog + bytes - moved);
      this.controller.offered(backlog === most && most > 0);
      this.#backlog = backlog;
      this.#arrived += moved;
      this.#show(backlog, backlog > 0 ? 5 + backlog * 8000 / capacity : 0);
    }
    return this;
  }

  #show(backlog: number, waiting: number): void {
    const { now: at } = this;
    this.link.observe({
      evidence: "kernel",
      at,
      arrived: this.#arrived,
      backlog,
      waiting,
      transit: 5,
      bytes: 0,
    });
    const before = this.given;
    this.given = this.controller.decide(at, this.bounds);
    if (this.given !== before) this.changes.push(at);
  }
}

Deno.test("Controller gives the ceiling while nothing speaks against it, and probes nothing", () => {
  for (const quality of ["source", 50, 20, 3] as const) {
    const run = new Run();
    run.bounds = { ...run.bounds, ceiling: SOURCE.with({ quality, filter: "sepia" }) };
    run.pass(5000);
    assert.equal(run.given, SOURCE.with({ quality, filter: "sepia" }));
    assert.equal(run.controller.obstacle, null);
    assert.equal(run.controller.changes, 0);
    assert.equal(run.controller.padding, 0);
  }
});

Deno.test("Controller lowers within half a second of congestion, to what the link carries", () => {
  for (const megabits of [2, 5, 10]) {
    const run = new Run();
    run.pass(3000).pass(500, megabits * 1e6);
    assert.equal(run.controller.obstacle, "link");
    assert.ok(run.controller.changes >= 1);
    run.pass(1500, megabits * 1e6);
    assert.ok(run.sent <= megabits * 1e6, `${run.sent}`);
  }
});

Deno.test("Controller probes by padding, not by the picture, whether the link carries more", () => {
  const run = new Run();
  run.pass(1000).pass(3000, 4e6);
  const { length } = run.changes;
  let padded = 0;
  for (let i = 0; i < 600; i++) {
    run.pass(FRAME_MS, 4e6);
    if (run.controller.padding > 0) padded++;
  }
  assert.ok(padded > 10, `${padded}`);
  // Less than half of the time: it costs the viewer frames.
  assert.ok(padded < 300, `${padded}`);
  assert.ok(run.changes.length - length <= 2, `${run.changes}`);
});

Deno.test("Controller gives the ceiling again soon after the link is free, and ends the probes", () => {
  const run = new Run();
  run.pass(1000).pass(5000, 2e6);
  assert.notEqual(run.given, SOURCE);
  run.pass(9000);
  assert.equal(run.given, SOURCE);
  assert.equal(run.controller.obstacle, null);
  run.pass(1000);
  assert.equal(run.controller.padding, 0);
});

Deno.test("Controller keeps within an allowance, and says that it is in the way", () => {
  const run = new Run();
  run.bounds = { ...run.bounds, allowance: 5e6 };
  run.pass(1000);
  assert.ok(run.sent <= 5e6, `${run.sent}`);
  assert.equal(run.controller.obstacle, "allowance");
  assert.equal(run.controller.padding, 0);
  run.bounds = { ...run.bounds, allowance: Infinity };
  run.pass(4000);
  assert.equal(run.given, SOURCE);
});

Deno.test("Controller names whichever is more in the way", () => {
  const run = new Run();
  run.pass(1000).pass(4000, 3e6);
  assert.equal(run.controller.obstacle, "link");
  run.bounds = { ...run.bounds, allowance: 1.2e6 };
  run.pass(100, 3e6);
  assert.equal(run.controller.obstacle, "allowance");
});

Deno.test("Controller blames no link that it cannot try, for the allowance is in the way", () => {
  const run = new Run();
  run.pass(1000).pass(1500, 4e6);
  assert.equal(run.controller.obstacle, "link");
  run.bounds = { ...run.bounds, allowance: run.sent * 1.2 };
  run.pass(20_000);
  assert.equal(run.controller.padding, 0);
  assert.equal(run.controller.obstacle, "allowance");
});

Deno.test("Controller obeys a new ceiling at once, which counts as no change of its own", () => {
  const run = new Run();
  run.pass(1000);
  run.bounds = { ...run.bounds, ceiling: SOURCE.with({ quality: 20 }) };
  run.pass(FRAME_MS);
  assert.equal(run.given, SOURCE.with({ quality: 20 }));
  run.bounds = { ...run.bounds, ceiling: SOURCE.with({ filter: "mirror" }) };
  run.pass(FRAME_MS);
  assert.equal(run.given, SOURCE.with({ filter: "mirror" }));
  assert.equal(run.controller.changes, 0);
});

Deno.test("Controller lets an allowance swing without changing back and forth", () => {
  const run = new Run();
  run.bounds = { ...run.bounds, allowance: 5e6 };
  run.pass(1000);
  const changes = run.controller.changes;
  for (let i = 0; i < 60; i++) {
    run.bounds = { ...run.bounds, allowance: 5e6 * (1 + 0.05 * Math.sin(i)) };
    run.pass(250);
  }
  assert.ok(run.controller.changes - changes <= 1, `${run.controller.changes}`);
});

Deno.test("Controller takes frames that are held back for congestion: quality goes first", () => {
  const run = new Run();
  run.pass(1000).pass(3000, 6e6);
  const before = run.sent;
  for (let i = 0; i < 40; i++) {
    run.controller.offered(i % 2 === 0);
    run.pass(FRAME_MS, 0.95 * before);
  }
  assert.ok(run.sent < before, `${run.sent} after ${before}`);
});

Deno.test("Controller asks an uplink for no more than is of use", () => {
  const free = new Run();
  free.pass(500);
  const full = sizeOf(SOURCE) * 8 * FPS;
  assert.equal(free.controller.demand(free.bounds), full);
  const slow = new Run();
  slow.pass(1000).pass(5000, 3e6);
  const demand = slow.controller.demand(slow.bounds);
  assert.ok(demand > 2e6 && demand < 8e6, `${demand}`);
  const ceiling = SOURCE.with({ quality: 50 });
  assert.equal(free.controller.demand({ ...free.bounds, ceiling }), sizeOf(ceiling) * 8 * FPS);
});

Deno.test("Controller leaves some of a link to another that probes again and again, and has less", () => {
  const probes = new Probes(), run = new Run(probes);
  run.pass(1000).pass(4000, 8e6);
  const before = run.sent, other = {};
  for (let i = 0; i < 4 && run.sent >= before; i++) {
    probes.begin(other, 1e6, run.now + 500);
    // Their probe makes a queue for a while.
    run.pass(250, 0.8 * before);
    probes.end(other, run.now);
    run.pass(4000, 8e6);
  }
  assert.ok(run.changes.length >= 2);
  const alone = new Run();
  alone.pass(1000).pass(4000, 8e6);
  assert.ok(run.controller.changes > alone.controller.changes);
});

Deno.test("Controller that gave way at its ceiling rises again once nobody else probes", () => {
  const probes = new Probes(), run = new Run(probes), other = {};
  run.pass(1000);
  for (let i = 0; i < 2; i++) {
    probes.begin(other, 1e6, run.now + 500);
    run.queue(150, 80, run.sent);
    probes.end(other, run.now);
    run.pass(2500);
  }
  assert.notEqual(run.given.quality, "source");
  run.pass(20_000);
  assert.equal(run.given.quality, "source");
});

Deno.test("Controller lets a short queue pass, as another session's probe makes one", () => {
  const run = new Run();
  run.pass(1000).queue(250, 130, 12e6).pass(1000);
  assert.equal(run.controller.changes, 0);
  run.queue(600, 130, 12e6);
  assert.equal(run.controller.changes, 1);
});

Deno.test("Controller does not wait when a queue is long", () => {
  const run = new Run();
  run.pass(1000).queue(200, 300, 6e6);
  assert.equal(run.controller.changes, 1);
});

Deno.test("Controller lowers no further while a queue goes away by itself", () => {
  const run = new Run();
  run.pass(1000).pass(1000, 6e6);
  const { given } = run;
  assert.ok(run.sent < 0.9 * 6e6);
  run.queue(1500, 250, 6e6);
  assert.deepEqual(run.given, given);
});

Deno.test("Controller probes nothing that the allowance would not let it give", () => {
  const run = new Run();
  run.pass(1000).pass(1500, 4e6);
  run.bounds = { ...run.bounds, allowance: run.sent * 1.1 };
  for (let i = 0; i < 300; i++) {
    run.pass(FRAME_MS);
    assert.equal(run.controller.padding, 0);
  }
});

for (const reserved of [0, 64_000]) {
  Deno.test(`Controller probes nothing while no frames come, and again when they do (${reserved} bit/s for sound)`, () => {
    const run = new Run();
    run.controller.reserve(reserved);
    run.pass(1000).pass(2000, 4e6);
    run.bounds = { ...run.bounds, fps: 0 };
    for (let i = 0; i < 600; i++) {
      run.pass(FRAME_MS);
      assert.equal(run.controller.padding, 0);
    }
    run.bounds = { ...run.bounds, fps: FPS };
    run.pass(8000);
    assert.equal(run.given, SOURCE);
  });
}
