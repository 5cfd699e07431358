import assert from "node:assert/strict";
import fc from "fast-check";
import {
  attemptsFor,
  inputCodec,
  nearestMode,
  parseSource,
  type Source,
  sourceArgument,
  type System,
} from "../../src/capture/source.ts";

const SETTINGS = { width: 1280, height: 720, fps: 30 };
const SYSTEMS: readonly System[] = ["linux", "darwin", "windows"];

/** What follows an argument. */
function after(args: readonly string[], flag: string): string | undefined {
  return args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;
}

function attempts(text: string, system: System) {
  const source = parseSource(text, system);
  assert.ok(source !== "auto");
  return attemptsFor(source, SETTINGS, system);
}

Deno.test("parseSource tells sources of each kind apart", () => {
  const cases: [text: string, system: System, source: Source | "auto"][] = [
    ["auto", "linux", "auto"],
    ["test", "windows", { kind: "test" }],
    ["/dev/video2", "linux", { kind: "camera", device: "/dev/video2" }],
    ["2", "linux", { kind: "camera", device: "/dev/video2" }],
    ["0", "darwin", { kind: "camera", device: "0" }],
    ["FaceTime HD Camera", "darwin", { kind: "camera", device: "FaceTime HD Camera" }],
    ["USB2.0 HD UVC WebCam", "windows", { kind: "camera", device: "USB2.0 HD UVC WebCam" }],
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

Deno.test("every attempt writes JPEGs to standard output and never reads the terminal", () => {
  for (const system of SYSTEMS) {
    for (
      const text of ["test", "clip.mp4", "clip.mjpeg", "Camera", "rtsp://cam/1", "http://cam/s"]
    ) {
      for (const { args } of attempts(text, system)) {
        assert.deepEqual(args.slice(-3), ["-f", "mpjpeg", "pipe:1"]);
        assert.ok(args.includes("-nostdin"));
        assert.equal(after(args, "-flush_packets"), "1");
      }
    }
  }
});

Deno.test("an attempt encodes exactly when it does not copy", () => {
  for (const system of SYSTEMS) {
    for (const text of ["test", "clip.mp4", "Camera", "rtsp://cam/1", "http://cam/stream"]) {
      for (const { args, copies } of attempts(text, system)) {
        assert.equal(after(args, "-c:v"), copies ? "copy" : "mjpeg");
        // A second thread in the encoder is a frame of delay.
        assert.equal(after(args, "-threads"), copies ? undefined : "1");
        assert.equal(args.includes("-vf"), !copies);
      }
    }
  }
});

Deno.test("on Linux a camera is asked for its MJPEG first, then for anything", () => {
  const [mjpeg, raw] = attempts("/dev/video0", "linux");
  for (const { args } of [mjpeg, raw]) {
    assert.equal(after(args, "-f"), "v4l2");
    assert.equal(after(args, "-i"), "/dev/video0");
    assert.equal(after(args, "-video_size"), "1280x720");
    assert.equal(after(args, "-framerate"), "30");
    assert.equal(after(args, "-fflags"), "nobuffer");
  }
  assert.equal(after(mjpeg.args, "-input_format"), "mjpeg");
  assert.ok(mjpeg.copies);
  assert.ok(!raw.args.includes("-input_format"));
  assert.ok(!raw.copies);
});

Deno.test("on macOS a camera is opened without a microphone, and encoded", () => {
  const all = attempts("FaceTime HD Camera", "darwin");
  for (const { args, copies } of all) {
    assert.equal(after(args, "-f"), "avfoundation");
    assert.equal(after(args, "-i"), "FaceTime HD Camera:none");
    assert.equal(after(args, "-framerate"), "30");
    assert.ok(!copies);
  }
  assert.deepEqual(all.map(({ args }) => after(args, "-video_size")), ["1280x720", undefined]);
});

Deno.test("on Windows a camera is asked for MJPEG, then for anything, then for its default", () => {
  const all = attempts("HD Webcam", "windows");
  for (const { args } of all) {
    assert.equal(after(args, "-f"), "dshow");
    assert.equal(after(args, "-i"), "video=HD Webcam");
  }
  assert.deepEqual(all.map(({ args }) => after(args, "-vcodec")), ["mjpeg", undefined, undefined]);
  const sizes = all.map(({ args }) => after(args, "-video_size"));
  assert.deepEqual(sizes, ["1280x720", "1280x720", undefined]);
  assert.deepEqual(all.map(({ copies }) => copies), [true, false, false]);
});

Deno.test("a file is looped in real time, whatever its name holds", () => {
  for (const path of ["dir/clip.mp4", "./-y.mp4", "a:b.mp4"]) {
    for (const { args } of attempts(path, "linux")) {
      assert.ok(args.includes("-re"));
      assert.equal(after(args, "-stream_loop"), "-1");
      assert.equal(after(args, "-i"), `file:${path}`);
    }
  }
});

Deno.test("a file or URL is opened first as its name suggests, then the other way", () => {
  const cases = {
    "a.mjpeg": true,
    "a.mp4": false,
    "http://cam/stream": true,
    "rtsp://cam/1": false,
  };
  for (const [text, copies] of Object.entries(cases)) {
    assert.deepEqual(attempts(text, "linux").map((way) => way.copies), [copies, !copies], text);
  }
});

Deno.test("rtsp comes over TCP, which loses nothing", () => {
  for (const { args } of attempts("rtsp://cam/1", "linux")) {
    assert.equal(after(args, "-rtsp_transport"), "tcp");
  }
});

Deno.test("the test picture is asked for with a clock, then without", () => {
  const [clock, plain] = attempts("test", "darwin").map(({ args }) => after(args, "-i"));
  assert.match(clock!, /^testsrc2=size=1280x720:rate=30,drawtext=/);
  assert.equal(plain, "testsrc2=size=1280x720:rate=30");
});

Deno.test("a URL and a file are held to their protocols, and a URL to pieces of 64 MiB", () => {
  const cases: [text: string, protocols: string][] = [
    ["clip.mp4", "file"],
    ["http://cam/1", "http,https,tls,tcp,crypto,httpproxy"],
    ["HTTPS://cam/1", "https,tls,tcp,crypto,httpproxy"],
    ["rtsp://cam/1", "rtsp,tcp"],
    ["file:///etc/passwd", "none"],
    ["concat://a|b", "none"],
  ];
  for (const [text, protocols] of cases) {
    for (const { args } of attempts(text, "linux")) {
      assert.equal(after(args, "-protocol_whitelist"), protocols);
      assert.ok(args.indexOf("-protocol_whitelist") < args.indexOf("-i"));
      assert.equal(after(args, "-max_alloc"), text === "clip.mp4" ? undefined : "67108864");
    }
  }
});

Deno.test("ffmpeg repeats its lines instead of counting them", () => {
  for (const text of ["test", "clip.mp4", "/dev/video0", "rtsp://cam/1"]) {
    for (const { args } of attempts(text, "linux")) {
      for (const [i, arg] of args.entries()) {
        if (arg === "-loglevel") assert.match(args[i + 1], /^repeat\+/);
      }
    }
  }
});

Deno.test("inputCodec reads what ffmpeg says of the video", () => {
  const cases: [line: string, codec: string | null][] = [
    ["  Stream #0:0: Video: mjpeg (Baseline), yuvj422p(pc), 1280x720", "mjpeg"],
    ["  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p", "h264"],
    ["  Stream #0:1(eng): Video: hevc (Main)", "hevc"],
    ["  Stream #0:0: Audio: pcm_s16le, 44100 Hz", null],
    ["  Stream #0:1: Video: mjpeg (Baseline), yuvj420p, 300x300 (attached pic)", null],
    ["Input #0, mov, from 'Video: x'", null],
  ];
  for (const [line, codec] of cases) assert.equal(inputCodec(line), codec, line);
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
    fc.constantFrom("test", "0", "/dev/video2", "a.mp4", "./b", "rtsp://u:p@cam/1", "HD Webcam"),
    fc.string({ minLength: 1 }),
  );
  fc.assert(fc.property(text, fc.constantFrom(...SYSTEMS), (text, system) => {
    const source = parseSource(text, system);
    fc.pre(source !== "auto");
    assert.deepEqual(parseSource(sourceArgument(source), system), source);
  }));
});
