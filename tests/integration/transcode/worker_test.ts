import assert from "node:assert/strict";
import { frameOf } from "../../../src/media/packet.ts";
import { SOURCE } from "../../../src/media/rendition.ts";
import { pictureSize } from "../../../src/media/jpeg/size.ts";
import { TranscoderPool } from "../../../src/transcode/pool.ts";
import { DctCodec } from "../../../src/transcode/dct_codec.ts";
import { decodeRgb, djpeg, psnr, sampleJpeg } from "../../support/jpeg_samples.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { make } from "../../support/transcode.ts";

const LOW = SOURCE.with({ quality: 20 });
const HALF_SEPIA = SOURCE.with({ quality: 50, scale: 0.5, filter: "sepia" });

Deno.test("a real worker makes all renditions of a frame and its luma plane", async () => {
  const pool = new TranscoderPool({ codec: "dct", workers: 1, log: recordingLog() });
  const jpeg = await sampleJpeg({ width: 320, height: 240 });
  const made = await make(pool, frameOf(jpeg, 1, 0), [LOW, HALF_SEPIA]);
  assert.deepEqual([made?.luma.width, made?.luma.height], [40, 30]);
  const [low, half] = made!.outputs;
  assert.ok(low.length < jpeg.length / 2, `${low.length} of ${jpeg.length}`);
  assert.deepEqual(pictureSize(half), { width: 160, height: 120 });
  for (const output of [low, half]) await djpeg(output);
  assert.ok(jpeg.length > 0, "the frame itself stays with who gave it");
  pool.stop();
});

Deno.test("a real worker skips the last renditions when a newer frame waits", async () => {
  const pool = new TranscoderPool({ codec: "dct", workers: 1, log: recordingLog() });
  const jpeg = await sampleJpeg({ width: 640, height: 480 });
  const many = Array.from({ length: 400 }, (_, i) => (SOURCE.with({ quality: 10 + i % 80 })));
  const long = make(pool, frameOf(jpeg, 1, 0), many);
  const next = await make(pool, frameOf(jpeg, 2, 0), [LOW]);
  assert.equal(next?.outputs.length, 1);
  const { outputs } = (await long)!;
  assert.ok(outputs.length >= 1 && outputs.length < many.length, `${outputs.length} of 400`);
  assert.equal(pool.stats.skipped, many.length - outputs.length);
  pool.stop();
});

Deno.test("a real worker uses ImageScript for what the dct codec does not take", async () => {
  const pool = new TranscoderPool({ codec: "dct", workers: 1, log: recordingLog() });
  const jpeg = await sampleJpeg({ cjpeg: ["-progressive"] });
  const made = await make(pool, frameOf(jpeg, 1, 0), [LOW]);
  assert.deepEqual(pictureSize(made!.outputs[0]), { width: 320, height: 240 });
  pool.stop();
});

Deno.test("a real worker turns a frame, and gives no luma plane", async () => {
  const pool = new TranscoderPool({ codec: "dct", workers: 1, log: recordingLog() });
  const baseline = await sampleJpeg({ width: 320, height: 192, sampling: "4:4:4", quality: 95 });
  const cjpeg = ["-progressive"];
  const options = { width: 320, height: 192, sampling: "4:4:4", quality: 95, cjpeg } as const;
  const progressive = await sampleJpeg(options);
  const outputs: Uint8Array<ArrayBuffer>[] = [];
  for (const [i, jpeg] of [baseline, progressive].entries()) {
    const luma = await pool.transcode({
      stream: "camera",
      frame: frameOf(jpeg, i + 1, 0),
      renditions: [SOURCE],
      least: 1,
      orientation: 6,
      onOutput: (index, output) => outputs.push(output) > 0 && assert.equal(index, 0),
      onFailure: () => assert.fail("not turned"),
    });
    assert.equal(luma, null);
  }
  const [lossless, fromPixels] = outputs;
  assert.deepEqual(lossless, new DctCodec().turn(baseline, 6));
  // ImageScript's are encoded again, with half the colour.
  const [a, b] = [await decodeRgb(lossless), await decodeRgb(fromPixels)];
  assert.deepEqual([b.width, b.height], [192, 320]);
  assert(psnr(a.data, b.data) > 30);
  assert.equal(pool.stats.transcoded, 2);
  pool.stop();
});

Deno.test("a real worker reports a frame that it cannot turn", async () => {
  const pool = new TranscoderPool({ codec: "dct", workers: 1, log: recordingLog() });
  const jpeg = await sampleJpeg({ cjpeg: ["-arithmetic"] });
  let unreadable = 0;
  await pool.transcode({
    stream: "camera",
    frame: frameOf(jpeg, 1, 0),
    renditions: [SOURCE],
    least: 1,
    orientation: 6,
    onOutput: () => assert.fail("turned"),
    onFailure: () => unreadable++,
  });
  assert.equal(unreadable, 1);
  pool.stop();
});

Deno.test("a real worker survives data that is no JPEG", async () => {
  const log = recordingLog();
  const pool = new TranscoderPool({ codec: "dct", workers: 1, log });
  const noise = crypto.getRandomValues(new Uint8Array(5000));
  const bad = await make(pool, frameOf(noise, 1, 0), [LOW]);
  assert.equal(bad, null);
  assert.match(
    log.lines[0],
    /^warn: Cannot transcode frame 1; viewers get it unchanged: Cannot read JPEG/,
  );
  const jpeg = await sampleJpeg();
  assert.notEqual(await make(pool, frameOf(jpeg, 2, 0), [LOW]), null);
  assert.deepEqual([pool.stats.corrupt, pool.stats.replaced], [1, 0]);
  pool.stop();
});
