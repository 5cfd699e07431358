import assert from "node:assert/strict";
import type { SeenFrame } from "../support/stream_client.ts";
import { plot } from "./plot.ts";
import type { Rest, Sample, SoakRecord } from "./record.ts";
import { judge } from "./verdict.ts";

const REST: Rest = {
  ...{ memory: 200, threads: 10, workers: 1, files: 40, sockets: 8, children: ["ffmpeg"], cpu: 1 },
  ...{ heap: { objects: 20, buffers: 3 }, viewers: 0, database: { main: 1e5, log: 1e6 } },
};

const WATCHED = { from: 20, to: 60 };

function framesOf(fps: number, except: readonly (readonly [from: number, to: number])[] = []) {
  const frames: SeenFrame[] = [];
  for (let at = WATCHED.from; at < WATCHED.to; at += 1 / fps) {
    if (except.some(([from, to]) => at > from && at < to)) continue;
    frames.push({
      at: at * 1000,
      age: 20,
      sequence: frames.length,
      quality: "source",
      bytes: 1,
      padding: 0,
    });
  }
  return frames;
}

/** Returns the record of a good soak, with the camera unplugged once. */
function wellRecord(frames = framesOf(30, [[30.5, 33]])): SoakRecord {
  const samples = Array.from({ length: 65 }, (_, at): Sample => ({
    ...{ ...REST, at, viewers: 30, captured: 30, fps: [30], pause: 1 },
    memory: 200 + at % 10,
  }));
  const stream = { isOver: false } as SoakRecord["steady"][number]["stream"];
  const kinds = ["page", "program", "slow", "stalled", "curious", "writer", "studio", "cutOff"];
  return {
    ...{ seconds: 60, samples, beganAt: 0, watched: WATCHED, before: REST, after: REST },
    ...{ complaints: [], missing: [], dropped: 3, log: [] },
    faults: [{ name: "unplugged", from: 30, to: 36 }],
    steady: [{ name: "High", fps: 30, frames, stream }],
    tally: new Map(kinds.map((kind) => [`visit: ${kind}`, 40])),
    end: { code: 0, milliseconds: 100, orphans: 0, database: { main: 2e5, log: 0 } },
    acknowledged: { messages: 100, donations: 20 },
    census: { after: new Map([["Viewer", 0], ["Object", 900]]), anew: new Map([["Object", 500]]) },
  };
}

function failuresOf(record: SoakRecord): string[] {
  return judge(record).filter(({ holds }) => !holds).map(({ what }) => what);
}

function leaking(record: SoakRecord): Sample[] {
  return record.samples.map((sample) => ({ ...sample, memory: sample.memory + 3 * sample.at }));
}

Deno.test("verdict passes a soak without problems", () => {
  assert.deepEqual(failuresOf(wellRecord()), []);
});

const well = wellRecord();
for (
  const [what, change, failure] of [
    ["a viewer left", { after: { ...REST, viewers: 1 } }, "viewers left"],
    ["files left open", { after: { ...REST, files: 50 } }, "files more than before"],
    ["a socket for each", { after: { ...REST, sockets: 90 } }, "sockets more than before"],
    ["a worker lost", { after: { ...REST, workers: 0 } }, "workers more or less"],
    ["a second ffmpeg", { after: { ...REST, children: ["ffmpeg", "ffmpeg"] } }, "processes"],
    ["no ffmpeg", { after: { ...REST, children: [] } }, "processes"],
    ["memory that grows", { samples: leaking(well) }, "memory's trend in the second half"],
    ["a heap that grew", { after: { ...REST, heap: { objects: 30, buffers: 3 } } }, "heap more"],
    ["a lost message", { missing: ["message 5"] }, "missing after a restart"],
    ["a visit that failed", { complaints: ["no"] }, "complaints"],
    ["a process that lives on", { end: { ...well.end, orphans: 1 } }, "ffmpegs that outlived it"],
    ["a failing end", { end: { ...well.end, code: 1 } }, "exit code"],
    ["a logged error", { log: [{ at: 50, level: "error", message: "no" }] }, "errors in the log"],
    ["a warning for no reason", { log: [{ at: 50, level: "warn", message: "" }] }, "errors in"],
    [
      "objects left",
      { census: { after: new Map([["Viewer", 200]]), anew: new Map() } },
      "objects left by visits",
    ],
  ] as const
) {
  Deno.test(`verdict fails a soak with ${what}`, () => {
    const failures = failuresOf({ ...well, ...change });
    assert.equal(failures.length, 1, `${failures}`);
    assert.ok(failures[0].startsWith(failure), failures[0]);
  });
}

Deno.test("verdict excuses a pause only during a fault", () => {
  assert.deepEqual(failuresOf(wellRecord(framesOf(30, [[31, 35]]))), []);
  assert.deepEqual(failuresOf(wellRecord(framesOf(30, [[30.5, 36]]))), [
    "High: longest pause by a fault",
  ]);
  assert.deepEqual(failuresOf(wellRecord(framesOf(30, [[40, 43]]))), ["High: longest pause"]);
  assert.deepEqual(failuresOf(wellRecord(framesOf(30, [[57, 61]]))), ["High: longest pause"]);
  assert.deepEqual(failuresOf(wellRecord(framesOf(5))), ["High: frames a second"]);
});

Deno.test("verdict accepts warnings during a fault", () => {
  const log = [{ at: 31, level: "warn", message: "The camera is not connected" }];
  assert.deepEqual(failuresOf({ ...well, log }), []);
});

Deno.test("plot shows each fault in each panel", () => {
  const svg = plot(well);
  assert.equal(svg.match(/class="fault"/g)?.length, 3);
  assert.match(svg, /320 visitors and 1 faults in 1 min/);
});
