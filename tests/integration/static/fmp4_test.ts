import assert from "node:assert/strict";
import { FragmentWriter } from "../../../static/js/video/fragment_writer.js";
import { CLIP_HEIGHT, CLIP_WIDTH, movingClip } from "../../support/clips.ts";
import { packetsOf } from "../../support/flv_packets.ts";
import { join } from "../../support/jpegs.ts";

Deno.test("ffprobe reads every frame of what the page writes for MediaSource", async () => {
  const size = { width: CLIP_WIDTH, height: CLIP_HEIGHT };
  const packets = await packetsOf((await movingClip()).path, 20);
  assert.equal(packets.length, 60);
  const writer = new FragmentWriter();
  const fragments = packets.map((packet, i) => {
    const configuration = packet.isKey ? packet.configuration : null;
    return writer.write({ ...packet, at: i * 40, quality: "45", configuration })!;
  });
  const file = join(fragments[0].init!.bytes, ...fragments.map(({ bytes }) => bytes));
  const path = await Deno.makeTempFile({ suffix: ".mp4" });
  try {
    await Deno.writeFile(path, file);
    const { stdout, stderr } = await new Deno.Command("ffprobe", {
      args: [
        ...["-v", "warning", "-of", "json"],
        ...["-show_entries", "stream=codec_name,width,height,time_base:frame=key_frame,pts", path],
      ],
    }).output();
    assert.equal(new TextDecoder().decode(stderr), "");
    const { streams, frames } = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual(streams, [{ codec_name: "h264", ...size, time_base: "1/90000" }]);
    assert.deepEqual(
      frames.map(({ pts, key_frame }: { pts: number; key_frame: number }) => [pts, key_frame]),
      fragments.map(({ time }, i) => [Math.round(time * 90_000), Number(i % 20 === 0)]),
    );
  } finally {
    await Deno.remove(path);
  }
});
