import assert from "node:assert/strict";
import { Lookout } from "../../src/producers/lookout.ts";
import type { Source } from "../../src/producers/ffmpeg/source.ts";
import { FakeTime } from "../support/fake_time.ts";

const [FRONT, DESK] = ["/dev/video0", "/dev/video2"].map((device) =>
  ({ kind: "camera", device }) as const
);

/** A lookout in fake time. */
class Stage implements Disposable {
  readonly time = new FakeTime();
  cameras: readonly Source[] = [];
  /** Those that give pictures. */
  readonly sound = new Set<Source>();
  looks = 0;
  readonly opened: Source[] = [];
  /** Keeps each camera that is opened until the lookout gives up. */
  isSlow = false;
  readonly lookout = new Lookout({
    find: () => {
      this.looks++;
      return Promise.resolve(this.cameras);
    },
    open: async (camera, signal) => {
      this.opened.push(camera);
      if (this.isSlow) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return this.sound.has(camera);
    },
  });

  async pass(milliseconds: number): Promise<void> {
    for (let at = 0; at < milliseconds; at += 500) {
      this.time.tick(500);
      for (let turns = 0; turns < 20; turns++) await Promise.resolve();
    }
  }

  [Symbol.dispose](): void {
    this.lookout.stop();
    this.time[Symbol.dispose]();
  }
}

Deno.test("a lookout looks every 2 s, until a camera gives pictures", async () => {
  using stage = new Stage();
  stage.lookout.start();
  stage.lookout.start();
  await stage.pass(7_000);
  assert.equal(stage.looks, 3);
  stage.cameras = [FRONT];
  await stage.pass(4_000);
  assert.deepEqual([stage.looks, stage.opened], [5, [FRONT, FRONT]], "busy: tried again");
  stage.sound.add(FRONT);
  await stage.pass(10_000);
  assert.equal(stage.looks, 6);
});

Deno.test("a lookout goes on to the next camera where one is busy", async () => {
  using stage = new Stage();
  stage.cameras = [FRONT, DESK];
  stage.sound.add(DESK);
  stage.lookout.start();
  await stage.pass(10_000);
  assert.deepEqual(stage.opened, [FRONT, DESK]);
});

Deno.test("a lookout that is stopped opens no camera, and can look again", async () => {
  using stage = new Stage();
  stage.cameras = [FRONT, DESK];
  stage.isSlow = true;
  stage.lookout.start();
  await stage.pass(2_000);
  await stage.lookout.stop();
  await stage.pass(10_000);
  assert.deepEqual([stage.looks, stage.opened], [1, [FRONT]]);
  stage.lookout.start();
  await stage.pass(2_000);
  assert.equal(stage.looks, 2);
});
