import assert from "node:assert/strict";
import fc from "fast-check";
import {
  nearestMode,
  parseSource,
  type Source,
  sourceArgument,
  type System,
} from "../../../src/producers/ffmpeg/source.ts";

const SETTINGS = { width: 1280, height: 720, fps: 30 };
const SYSTEMS: readonly System[] = ["linux", "darwin", "windows"];

Deno.test("parseSource distinguishes the kinds of sources", () => {
  const cases: [text: string, system: System, source: Source | "auto"][] = [
    ["auto", "linux", "auto"],
    ["test", "windows", { kind: "test" }],
    ["/dev/video2", "linux", { kind: "camera", device: "/dev/video2" }],
    ["2", "linux", { kind: "camera", device: "/dev/video2" }],
    ["0", "darwin", { kind: "camera", device: "0" }],
    ["FaceTime HD Camera", "darwin", { kind: "camera", device: "FaceTime HD Camera" }],
    ["USB2.0 HD UVC WebCam", "windows", { kind: "camera", device: "USB2.0 HD UVC WebCam" }],
    ["@device_pnp_\\\\?\\usb#a", "windows", {
      kind: "camera",
      device: "@device_pnp_\\\\?\\usb#a",
    }],
    ["clip.mp4", "linux", { kind: "file", path: "clip.mp4" }],
    ["./clip", "darwin", { kind: "file", path: "./clip" }],
    ["C:\\clips\\a b.mkv", "windows", { kind: "file", path: "C:\\clips\\a b.mkv" }],
    ["rtsp://cam/1", "linux", { kind: "url", url: "rtsp://cam/1" }],
    ["HTTP://cam/stream", "darwin", { kind: "url", url: "HTTP://cam/stream" }],
  ];
  for (const [text, system, source] of cases) {
    assert.deepEqual(parseSource(text, system), source, `${text} on ${system}`);
  }
});

Deno.test("nearestMode takes the camera's mode nearest to what was asked for", () => {
  const lines = [
    "[avfoundation @ 0x7f8] Selected video size (1280x720) is not supported by the device.",
    "[avfoundation @ 0x7f8] Supported modes:",
    "[avfoundation @ 0x7f8]   640x480@[15.000000 30.000000]fps",
    "[avfoundation @ 0x7f8]   1552x1552@[1.000000 30.000000]fps",
    "[avfoundation @ 0x7f8]   1328x760@[1.000000 24.000000]fps",
    "[avfoundation @ 0x7f8]   1920x1080@[1.000000 30.000000]fps",
  ];
  assert.deepEqual(nearestMode(lines, SETTINGS), { width: 1328, height: 760, fps: 24 });
  assert.equal(nearestMode(lines.slice(0, 2), SETTINGS), null);
});

Deno.test("sourceArgument names a source so that it is the same again", () => {
  const text = fc.oneof(
    fc.constantFrom(
      "test",
      "0",
      "/dev/video2",
      "a.mp4",
      "./b",
      "rtsp://u:p@cam/1",
      "HD Webcam",
    ),
    fc.string({ minLength: 1 }),
  );
  fc.assert(fc.property(text, fc.constantFrom(...SYSTEMS), (text, system) => {
    const source = parseSource(text, system);
    fc.pre(source !== "auto");
    assert.deepEqual(parseSource(sourceArgument(source), system), source);
  }));
});
