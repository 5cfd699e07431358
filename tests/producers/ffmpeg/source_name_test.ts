import assert from "node:assert/strict";
import type { Source } from "../../../src/producers/ffmpeg/source.ts";
import { isDevice, nameSource, titleSource } from "../../../src/producers/ffmpeg/source_name.ts";

Deno.test("titleSource gives everyone the kind, and the streamer the name", () => {
  const cases: [source: Source, forAnyone: string, forStreamer: string][] = [
    [{ kind: "test" }, "test picture", "test picture"],
    [{ kind: "file", path: "/home/me/clip.mp4" }, "file", "clip.mp4"],
    [{ kind: "file", path: "C:\\me\\clip.mp4" }, "file", "clip.mp4"],
    [{ kind: "file", path: "10.0.0.7/live/key.sdp" }, "file", "file"],
    [{ kind: "file", path: "admin:key@cam/live.sdp" }, "file", "file"],
    [
      { kind: "camera", device: "/dev/video0", name: "HD Webcam" },
      "camera",
      "HD Webcam (/dev/video0)",
    ],
    [{ kind: "camera", device: "/dev/video0" }, "camera", "/dev/video0"],
    [{ kind: "camera", device: "Integrated Camera: Front" }, "camera", "Integrated Camera: Front"],
    [{ kind: "camera", device: "admin:key@cam" }, "camera", "camera"],
    [
      { kind: "url", url: "rtsp://me:pa:ss@cam:554/live?key=1#x" },
      "network camera",
      "rtsp://cam:554",
    ],
  ];
  for (const [source, forAnyone, forStreamer] of cases) {
    assert.deepEqual(titleSource(source), { forAnyone, forStreamer });
  }
});

Deno.test("nameSource names a source within a sentence", () => {
  const texts = (source: Source) => Object.values(nameSource(source));
  assert.deepEqual(texts({ kind: "test" }), ["the test picture", "the test picture"]);
  assert.deepEqual(texts({ kind: "file", path: "a.mp4" }), ["the file", 'file "a.mp4"']);
  assert.deepEqual(texts({ kind: "camera", device: "0" }), ["the camera", 'camera "0"']);
  assert.deepEqual(texts({ kind: "url", url: "rtsp://cam/1" }), [
    "the network camera",
    '"rtsp://cam"',
  ]);
});

Deno.test("only devices of this machine are quoted by what ffmpeg writes", () => {
  assert.ok(isDevice({ kind: "test" }));
  assert.ok(isDevice({ kind: "camera", device: "/dev/video0" }));
  assert.ok(!isDevice({ kind: "camera", device: "admin:key@cam" }));
  assert.ok(!isDevice({ kind: "file", path: "a.mp4" }));
  assert.ok(!isDevice({ kind: "url", url: "rtsp://cam/1" }));
});
