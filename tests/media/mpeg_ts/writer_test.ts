import assert from "node:assert/strict";
import fc from "fast-check";
import { TsWriter } from "../../../src/media/mpeg_ts/writer.ts";
import type { VideoPacket } from "../../../src/media/packet.ts";
import { packetsOf, ptsOf } from "./ts_packets.ts";

const CONFIGURATION = {
  record: Uint8Array.of(1, 66, 192, 31, 255, 0xe1, 0, 2, 0x67, 1, 1, 0, 2, 0x68, 2),
  codec: "avc1.42c01f",
  width: 32,
  height: 16,
};

function packet(isKey: boolean): VideoPacket {
  const data = Uint8Array.of(0, 0, 0, 3, isKey ? 0x65 : 0x41, 1, 2);
  return {
    ...{ track: "video", sequence: 1, index: 1, at: 0, data, isKey },
    configuration: CONFIGURATION,
  };
}

/** What comes, and how many milliseconds after what came before. */
const event = fc.record({
  kind: fc.constantFrom("key", "delta", "sound"),
  after: fc.integer({ min: -50, max: 300 }),
});

Deno.test("ts has tables before keys and every half second, and a clock that never goes back", () => {
  fc.assert(fc.property(fc.array(event), (events) => {
    const writer = new TsWriter({ hasSound: true });
    let now = 0, tablesAt = -Infinity, newest = 0, clock = 0, clockAt = 0;
    for (const { kind, after } of [{ kind: "key", after: 0 }, ...events]) {
      now = Math.max(0, now + after);
      newest = Math.max(newest, now);
      const times = { time: Math.max(0, now - 100), now };
      const packets = packetsOf(
        kind === "sound"
          ? writer.sound(new Uint8Array(288), times)
          : writer.video(packet(kind === "key"), times),
      );
      const pids = packets.map(({ pid }) => pid);
      const hasTables = pids[0] === 0 && pids[1] === 0x1000;
      if (kind === "key" || newest - tablesAt >= 500) assert(hasTables);
      if (hasTables) tablesAt = newest;
      for (const { clock: next } of packets) {
        if (next === null) continue;
        assert(next >= clock);
        clock = next;
        clockAt = newest;
      }
      assert(newest - clockAt < 80);
      const start = packets.find(({ pid, isStart }) => pid >= 0x100 && pid < 0x1000 && isStart)!;
      assert.equal(ptsOf(start.payload), (times.time + 500) * 90);
      if (kind !== "sound") assert.equal(start.isKey, kind === "key");
    }
  }));
});

Deno.test("ts refuses a configuration that is none", () => {
  const broken = {
    ...packet(true),
    configuration: { ...CONFIGURATION, record: new Uint8Array(3) },
  };
  const writer = new TsWriter({ hasSound: false });
  assert.throws(() => writer.video(broken, { time: 0, now: 0 }), RangeError);
});
