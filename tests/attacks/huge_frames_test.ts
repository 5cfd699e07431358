import assert from "node:assert/strict";
import { pictureSize } from "../../src/media/jpeg/size.ts";
import { FakeFfmpeg } from "../support/fake_ffmpeg.ts";
import { sampleJpeg } from "../support/jpeg_samples.ts";
import { join, segment, tinyJpeg } from "../support/jpegs.ts";
import { residentMemory } from "../support/process_health.ts";
import { startProgram } from "../support/program.ts";
import { stateOf } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

/** Maximum memory for all the frames together. MiB. */
const MOST = 150;

/** Segments of a 26 MB profile, each of the maximum length. */
const PROFILE = Array.from({ length: 400 }, () => {
  const payload = new Uint8Array(65_000);
  payload.set(new TextEncoder().encode("ICC_PROFILE\0"));
  return segment(0xe2, payload);
});

/** A table whose code lengths fit, with four times as many codes as there are symbols. */
const WILD_TABLE = segment(0xc4, [
  ...[0x10, ...new Uint8Array(12), 255, 255, 255, 255],
  ...new Uint8Array(1020).fill(0x11),
]);

/** Inserts segments after a frame's SOI. */
function insert(jpeg: Uint8Array, ...segments: Uint8Array[]): Uint8Array {
  return join(jpeg.subarray(0, 2), ...segments, jpeg.subarray(2));
}

Deno.test("frames with extreme sizes, tables and profiles reach no viewer and take no memory", async () => {
  const real = await sampleJpeg({ width: 320, height: 240 });
  const scan = new Uint8Array(3 << 20).fill(0x55);
  const oversized = [
    ...[[65535, 65535], [7681, 4320], [65535, 507]].map(([width, height]) =>
      tinyJpeg({ width, height })
    ),
    tinyJpeg({ width: 640, height: 480, scans: [scan] }),
    tinyJpeg({ width: 1280, height: 720, scans: Array(13).fill(scan) }),
    insert(real, ...PROFILE),
    // A thumbnail inside does not count as the frame's own header.
    insert(real, segment(0xe1, tinyJpeg({ width: 8, height: 8 })), ...PROFILE),
  ];
  // Passed on unchanged, and rejected by the decoder.
  const wildTable = insert(real, WILD_TABLE);

  await using fake = await FakeFfmpeg.create();
  await using program = await startProgram([
    ...["--source=test", "--resolution=320x240", `--ffmpeg=${fake.program}`, "--rewind=off"],
  ]);
  await using high = await StreamClient.open(`${program.origin}/stream`);
  await using low = await StreamClient.open(`${program.origin}/stream?quality=low`);
  await Promise.all([high.next(10, 8_000), low.next(10, 8_000)]);
  const before = await residentMemory(program.pid);

  await fake.begin(join(...oversized, ...oversized, wildTable, wildTable));
  Deno.kill((await fake.pids()).at(-1)!, "SIGKILL");
  let peak = 0;
  const counters = async () => {
    peak = Math.max(peak, await residentMemory(program.pid));
    return (await stateOf(program)).counters;
  };
  const areDropped = (now: { oversized: number; corrupt: number }) =>
    now.oversized >= 2 * oversized.length && now.corrupt > 0;
  await until("all to be dropped", counters, areDropped, { timeout: 6_000 });
  await Promise.all([high.next(10, 5_000), low.next(10, 5_000)]);

  assert.ok(peak < before + MOST, `${peak.toFixed()} MiB, ${before.toFixed()} before`);
  for (const { jpeg } of [...high.parts, ...low.parts]) {
    assert.deepEqual(pictureSize(jpeg), { width: 320, height: 240 });
  }
  const { replaced, restarts, oversized: dropped } = await counters();
  assert.deepEqual([replaced, restarts, dropped], [0, 1, 2 * oversized.length]);
});
