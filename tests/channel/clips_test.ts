import assert from "node:assert/strict";
import { ClipPermission } from "../../src/channel/clip_permission.ts";
import { Clips } from "../../src/channel/clips.ts";
import { Clip } from "../../src/consumers/clip/clip.ts";
import { FakePast } from "../support/fake_past.ts";

Deno.test("clips are refused as busy while earlier ones hold too much memory", () => {
  const past = new FakePast([1000, 2000, 3000]);
  const clock = { wall: () => 4000, monotonic: () => 0 };
  const clips = new Clips({
    kept: { past, timelapse: null, isOn: true },
    queue: {
      isFull: false,
      add: () => new Clip({ format: "mp4", duration: 1 }),
      aheadOf: () => 0,
      has: () => true,
      seen: () => {},
      cancel: () => {},
      clear: () => {},
    },
    permission: new ClipPermission({
      store: { get: () => null, set: () => {} },
      moderation: { mutedUntil: () => 0 },
      moderators: { isModerator: () => false },
      clock,
    }),
    channel: { title: "Street" },
    clock,
  });
  const ask = () => clips.askLast({ viewer: "a", capacityKey: "a", isStreamer: false }, 3, "mp4");
  past.canHold = false;
  assert.match(JSON.stringify(ask()), /clips-busy/);
  assert.equal(past.held, 0);
  past.canHold = true;
  assert.match(JSON.stringify(ask()), /waiting/);
  assert.equal(past.held, 1);
});
