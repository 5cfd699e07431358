import assert from "node:assert/strict";
import { PacketList } from "../../../src/producers/sound/loop_timing.ts";

/** What ffmpeg 5.1 lists for two loops of an H.264 file of five frames. */
const H264 = `#extradata 0:       46, 0x3fe81031
#software: Lavf59.27.100
#tb 0: 1/15360
#media_type 0: video
#codec_id 0: h264
0,      -1024,          0,      512,      752, 0x871404d3
0,       -512,       1024,      512,       16, 0x20b00523, F=0x0
0,          0,        512,      512,       14, 0x12e103d5, F=0x0
0,        512,       1536,      512,       62, 0xa4651c95, F=0x0
0,       1024,       2048,      512,       17, 0x276605cf, F=0x0
0,       1536,       2560,      512,      752, 0x871404d3
0,       2048,       3584,      512,       16, 0x20b00523, F=0x0
0,       2560,       3072,      512,       14, 0x12e103d5, F=0x0
0,       3072,       4096,      512,       62, 0xa4651c95, F=0x0
0,       3584,       4608,      512,       17, 0x276605cf, F=0x0
`;

function timingOf(text: string, pieceLength = text.length) {
  const list = new PacketList();
  for (let at = 0; at < text.length; at += pieceLength) {
    list.push(text.slice(at, at + pieceLength));
  }
  return list.timing;
}

Deno.test("loop timing has frames in the order in which they are shown", () => {
  const { frames, duration } = timingOf(H264)!;
  assert.deepEqual(frames.map((time) => Math.round(time * 3)), [0, 100, 200, 300, 400]);
  assert.equal(Math.round(duration * 3), 500);
});

Deno.test("loop timing is the same however its list is split", () => {
  for (const length of [1, 7, 64]) assert.deepEqual(timingOf(H264, length), timingOf(H264));
});

Deno.test("loop timing leaves out frames that are decoded but not shown", () => {
  const cut = H264.replaceAll("0x871404d3", "0x871404d3, F=0x5");
  const { frames, duration } = timingOf(cut)!;
  assert.deepEqual(frames.map((time) => Math.round(time * 3)), [100, 200, 300, 400]);
  assert.equal(Math.round(duration * 3), 500);
});

Deno.test("loop timing of anything but two whole loops is null", () => {
  const lines = H264.trimEnd().split("\n");
  const loop = lines.slice(5, 10);
  const lists = [
    "",
    "no list\n",
    lines.slice(0, 5).join("\n") + "\n",
    lines.slice(0, -1).join("\n") + "\n",
    H264.replace("#tb 0: 1/15360\n", ""),
    [...lines.slice(0, 5), ...loop, ...loop, ""].join("\n"),
  ];
  for (const text of lists) assert.equal(timingOf(text), null);
});
