import assert from "node:assert/strict";
import { frameOf } from "../../../src/media/packet.ts";
import { SOURCE } from "../../../src/media/rendition.ts";
import { TranscoderPool } from "../../../src/transcode/pool.ts";
import { FakeTime } from "../../support/fake_time.ts";
import { sampleJpeg } from "../../support/jpeg_samples.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { make } from "../../support/transcode.ts";

const WORKER = new URL("../../../src/transcode/worker.ts", import.meta.url);
const LOW = [SOURCE.with({ quality: 20 })];

/** A real worker that runs `action` on its first job. */
function threadThat(action: string): Worker {
  const script = `self.onmessage = ({ data }) => { if (!("codec" in data)) { ${action} } };`;
  return new Worker(`data:text/javascript,${encodeURIComponent(script)}`, { type: "module" });
}

for (
  const { does, action, hangs, expected } of [
    {
      does: "throws",
      action: 'throw new TypeError("no such thing")',
      expected: /^warn: Replacing a transcoder thread: Uncaught TypeError: no such thing$/,
    },
    {
      does: "breaks a promise",
      action: 'Promise.reject(new TypeError("no such thing"))',
      expected: /^warn: Replacing a transcoder thread: Uncaught .*no such thing$/,
    },
    {
      does: "takes more memory than there is",
      action: "new ArrayBuffer(2 ** 53 - 1)",
      expected: /^warn: Replacing a transcoder thread: Uncaught RangeError: .*$/,
    },
    {
      does: "never comes to an end",
      action: "for (;;);",
      hangs: true,
      expected: /^warn: Replacing a transcoder thread: it hung$/,
    },
    {
      does: "ends itself",
      action: "self.close()",
      hangs: true,
      expected: /^warn: Replacing a transcoder thread: it hung$/,
    },
  ]
) {
  Deno.test(`pool continues with another thread when one ${does}, and logs one line`, async () => {
    const jpeg = await sampleJpeg();
    using time = new FakeTime();
    const log = recordingLog();
    let made = 0;
    const pool = new TranscoderPool({
      codec: "dct",
      workers: 1,
      log,
      createWorker: () =>
        ++made === 1 ? threadThat(action) : new Worker(WORKER, { type: "module" }),
    });
    try {
      const lost = make(pool, frameOf(jpeg, 1, 1), LOW);
      if (hangs) time.tick(10_000);
      assert.equal(await lost, null);
      // A worker that never answered is not replaced at once.
      assert.equal(made, 1);
      time.tick(1_000);
      const next = await make(pool, frameOf(jpeg, 2, 2), LOW);
      assert.ok(next!.outputs[0].length < jpeg.length);
      assert.equal(pool.stats.replaced, 1);
      assert.equal(log.lines.length, 1, log.lines.join());
      assert.match(log.lines[0], expected);
    } finally {
      pool.stop();
    }
  });
}
