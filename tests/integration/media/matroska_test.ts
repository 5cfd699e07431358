import assert from "node:assert/strict";
import { concat } from "../../../src/media/jpeg/concat.ts";
import { matroskaFrame, matroskaHead } from "../../../src/media/matroska.ts";
import { ffmpeg } from "../../support/ffmpeg.ts";
import { noiseJpeg } from "../../support/jpegs.ts";

Deno.test("Matroska of JPEGs gives ffmpeg every byte of each at its millisecond", async () => {
  const jpegs = [0, 1, 2, 3, 4].map((seed) => noiseJpeg(64 + 32 * seed, 48, { seed }));
  const times = [0, 33, 127, 128, 100_000_000_000];
  const path = await Deno.makeTempFile({ suffix: ".mkv" });
  try {
    const frames = jpegs.map((jpeg, i) => matroskaFrame(jpeg, times[i]));
    await Deno.writeFile(path, concat(matroskaHead({ width: 64, height: 48 }, 30), ...frames));
    const copy = ["-copyts", "-i", path, "-c", "copy"];
    assert.deepEqual(await ffmpeg(...copy, "-f", "mjpeg", "pipe:1"), concat(...jpegs));
    const report = await ffmpeg(...copy, "-f", "framecrc", "pipe:1");
    const lines = new TextDecoder().decode(report).trim().split("\n");
    const found = lines.filter((line) => /^0,/.test(line)).map((line) => line.split(",")[2].trim());
    assert.deepEqual(found.map(Number), times);
    assert(lines.includes("#tb 0: 1/1000"));
    assert(lines.includes("#dimensions 0: 64x48"));
  } finally {
    await Deno.remove(path);
  }
});
