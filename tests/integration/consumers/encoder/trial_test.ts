import assert from "node:assert/strict";
import { SYSTEM_CLOCK as clock } from "../../../../src/clock.ts";
import { tryEncoder } from "../../../../src/consumers/encoder/trial.ts";
import { sampleJpeg } from "../../../support/jpeg_samples.ts";

const log = { debug: () => {} };

Deno.test("trial measures the delay of an encoder that works", async () => {
  const frames = [await sampleJpeg({ frame: 0 }), await sampleJpeg({ frame: 1 })];
  const { signal } = new AbortController();
  const delay = await tryEncoder({
    program: "ffmpeg",
    encoder: "libx264",
    frames,
    clock,
    log,
    signal,
  });
  assert(delay !== null && delay > 0 && delay < 100, `${delay} ms`);
});

Deno.test("trial fails for hardware that is not there, and without frames", async () => {
  const { signal } = new AbortController();
  const options = { program: "ffmpeg", encoder: "h264_nvenc", clock, log, signal } as const;
  assert.equal(await tryEncoder({ ...options, frames: [await sampleJpeg()] }), null);
  assert.equal(await tryEncoder({ ...options, frames: [] }), null);
});

Deno.test("trial that is aborted ends at once", async () => {
  const closing = new AbortController();
  const frames = [await sampleJpeg()];
  const options = { program: "ffmpeg", encoder: "libx264", frames, clock, log } as const;
  const trial = tryEncoder({ ...options, signal: closing.signal });
  closing.abort();
  assert.equal(await trial, null);
});
