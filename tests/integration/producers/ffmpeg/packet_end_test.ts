import assert from "node:assert/strict";
import { isPacketEnd, PACKET_FORMAT } from "../../../../src/producers/ffmpeg/packet_end.ts";
import { FrameSplitter } from "../../../../src/producers/ffmpeg/splitter.ts";
import { pipe, sampleJpeg } from "../../../support/jpeg_samples.ts";

Deno.test("ffmpeg's output ends with the end of a packet, and nowhere before", async () => {
  const bare = (await sampleJpeg()).subarray(0, -2);
  const input = ["-v", "error", "-f", "image2pipe", "-c:v", "mjpeg", "-i", "-"];
  const output = await pipe("ffmpeg", [...input, "-c", "copy", "-f", PACKET_FORMAT, "-"], bare);
  assert.ok(isPacketEnd(output));
  for (let length = 0; length < output.length; length++) {
    assert.equal(isPacketEnd(output.subarray(0, length)), false, `${length} bytes`);
  }
  const splitter = new FrameSplitter();
  const [frame] = splitter.push(output);
  assert.deepEqual(frame.subarray(0, -2), bare);
});
