import assert from "node:assert/strict";
import { Interruptions } from "../../src/producers/interruptions.ts";
import { FakeTime } from "../support/fake_time.ts";
import { recordingLog } from "../support/recording_log.ts";

function failure(text: string) {
  return { reason: { code: "unavailable", forStreamer: text } as const, lastLine: "" };
}

class Stage implements Disposable {
  readonly time = new FakeTime();
  readonly log = recordingLog();
  /** The outages and their times. */
  readonly outages: [at: number, reason: string][] = [];
  readonly interruptions = new Interruptions({
    log: this.log,
    onOutage: ({ reason }) => {
      this.outages.push([this.time.now, reason.forStreamer]);
      return Promise.resolve();
    },
    clock: { monotonic: () => this.time.now },
  });

  /** Fails and recovers after the given time. */
  interrupt(milliseconds: number): boolean {
    this.interruptions.failed(failure("It ended"));
    this.time.tick(milliseconds);
    return this.interruptions.recovered();
  }

  [Symbol.dispose](): void {
    this.interruptions.reset();
    this.time[Symbol.dispose]();
  }
}

Deno.test("a source that never gave a picture is an outage at once", () => {
  using stage = new Stage();
  stage.interruptions.failed(failure("No such camera"));
  assert.deepEqual(stage.outages, [[0, "No such camera"]]);
});

Deno.test("a source that fails is an outage 2 s after its last picture, for its last reason", () => {
  using stage = new Stage();
  const { interruptions, time, outages } = stage;
  interruptions.recovered();
  time.tick(500);
  interruptions.failed(failure("It ended"));
  time.tick(1_000);
  interruptions.failed(failure("It is not connected"));
  time.tick(499);
  assert.deepEqual(outages, []);
  time.tick(1);
  assert.deepEqual(outages, [[2_000, "It is not connected"]]);
  time.tick(1_000);
  interruptions.failed(failure("It is not connected"));
  assert.equal(outages.length, 2, "further failures are passed on at once");
});

Deno.test("a source that stalled for longer than 2 s is an outage at once", () => {
  using stage = new Stage();
  stage.interruptions.recovered();
  stage.time.tick(5_000);
  stage.interruptions.failed(failure("No more pictures"));
  assert.deepEqual(stage.outages, [[5_000, "No more pictures"]]);
});

Deno.test("a source that is back within 2 s is no outage, and the log says so at debug", () => {
  using stage = new Stage();
  stage.interruptions.recovered();
  assert.equal(stage.interrupt(1_900), true);
  stage.time.tick(10_000);
  assert.deepEqual(stage.outages, []);
  assert.deepEqual(stage.log.lines, ["debug: Interrupted: It ended"]);
  assert.equal(stage.interruptions.recovered(), false);
});

Deno.test("a source that is interrupted again and again is worth a line a minute", () => {
  using stage = new Stage();
  stage.interruptions.recovered();
  const said = () => stage.log.lines.filter((line) => line.startsWith("info"));
  for (let times = 0; times < 25; times++) {
    stage.interrupt(500);
    stage.time.tick(3_500);
    stage.interruptions.recovered();
    if (times === 1) assert.deepEqual(said(), []);
  }
  const line = (times: number) =>
    `info: Interrupted ${times} times within a minute, for less than 2 s each: It ended`;
  assert.deepEqual(said(), [line(3), line(15)]);
});

Deno.test("what a source did is forgotten when another one is shown", () => {
  using stage = new Stage();
  stage.interruptions.recovered();
  stage.interruptions.failed(failure("It ended"));
  stage.interruptions.reset();
  stage.time.tick(10_000);
  assert.deepEqual(stage.outages, []);
  stage.interruptions.failed(failure("Connection refused"));
  assert.equal(stage.outages.length, 1);
});
