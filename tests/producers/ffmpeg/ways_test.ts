import assert from "node:assert/strict";
import type { Findings } from "../../../src/producers/ffmpeg/findings.ts";
import { parseSource, type System } from "../../../src/producers/ffmpeg/source.ts";
import type { Way } from "../../../src/producers/ffmpeg/way.ts";
import { waysFor } from "../../../src/producers/ffmpeg/ways.ts";

const SETTINGS = { width: 1280, height: 720, fps: 30 };
const SYSTEMS: readonly System[] = ["linux", "darwin", "windows"];
const SOURCES = [
  ...["test", "clip.mp4", "clip.mjpeg", "Camera"],
  ...["rtsp://cam/1", "http://cam/stream", "tcp://cam:8888", "srt://cam:9000"],
];
const RAW: Findings = { codec: "mjpeg", isRaw: true, isRecorded: false, isDistorted: false };
const CONTAINED: Findings = { codec: "mjpeg", isRaw: false, isRecorded: true, isDistorted: false };
const VIDEO: Findings = { codec: "h264", isRaw: false, isRecorded: false, isDistorted: false };
/** One of each kind. */
const FINDINGS: readonly Findings[] = [
  ...[{}, { isRaw: false }, RAW, CONTAINED, VIDEO],
  { ...RAW, isUnsound: true },
  { ...RAW, fields: "top" },
  { ...CONTAINED, isDistorted: true },
  { ...CONTAINED, fields: "bottom" },
  { ...RAW, isStill: true },
  { codec: "png", isRaw: false, isStill: true },
];

/** What follows an argument. */
function after({ args }: Way, flag: string): string | undefined {
  return args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;
}

function ways(text: string, system: System = "linux", findings: Findings = {}): Way[] {
  const source = parseSource(text, system);
  assert.ok(source !== "auto");
  return waysFor(source, SETTINGS, system, findings);
}

function names(text: string, findings: Findings = {}): string[] {
  return ways(text, "linux", findings).map(({ name }) => name);
}

/** All ways there are. */
function* allWays(): Generator<Way> {
  for (const system of SYSTEMS) {
    for (const text of SOURCES) {
      for (const findings of FINDINGS) yield* ways(text, system, findings);
    }
  }
}

Deno.test("every way writes JPEGs to standard output and never reads the terminal", () => {
  for (const way of allWays()) {
    const format = way.evidence === "bytes" ? "data" : "mpjpeg";
    assert.deepEqual(way.args.slice(-3), ["-f", format, "pipe:1"]);
    assert.ok(way.args.includes("-nostdin"));
    assert.equal(after(way, "-flush_packets"), "1");
  }
});

Deno.test("a way encodes exactly when it does not copy", () => {
  for (const way of allWays()) {
    const codec = way.evidence === "bytes" ? after(way, "-c") : after(way, "-c:v");
    assert.equal(codec, way.copies ? "copy" : "mjpeg");
    // A second thread in the encoder is a frame of delay.
    assert.equal(after(way, "-threads"), way.copies ? undefined : "1");
    assert.equal(way.args.includes("-vf"), !way.copies);
  }
});

Deno.test("there is always a way, and no two of a list have the same name", () => {
  for (const system of SYSTEMS) {
    for (const text of SOURCES) {
      for (const findings of FINDINGS) {
        const all = ways(text, system, findings).map(({ name }) => name);
        assert.ok(all.length > 0, `${text} ${JSON.stringify(findings)}`);
        assert.equal(new Set(all).size, all.length, `${all}`);
      }
    }
  }
});

Deno.test("on Linux a camera is asked for its MJPEG first, then for anything", () => {
  const [mjpeg, raw] = ways("/dev/video0");
  for (const way of [mjpeg, raw]) {
    assert.equal(after(way, "-f"), "v4l2");
    assert.equal(after(way, "-i"), "/dev/video0");
    assert.equal(after(way, "-video_size"), "1280x720");
    assert.equal(after(way, "-framerate"), "30");
    assert.equal(after(way, "-fflags"), "nobuffer");
  }
  assert.equal(after(mjpeg, "-input_format"), "mjpeg");
  assert.ok(mjpeg.copies);
  assert.ok(!raw.args.includes("-input_format"));
  assert.ok(!raw.copies);
});

Deno.test("a camera's MJPEG that cannot be copied is decoded, then anything is", () => {
  for (const system of ["linux", "windows"] as const) {
    for (const findings of [{ isUnsound: true }, { fields: "bottom" }] as const) {
      const [mjpeg, raw] = ways("HD Webcam", system, findings);
      assert.equal(after(mjpeg, system === "linux" ? "-input_format" : "-vcodec"), "mjpeg");
      assert.ok(!mjpeg.copies);
      assert.equal(raw.name, "any format");
    }
  }
  const [fields] = ways("/dev/video0", "linux", { fields: "bottom" });
  assert.equal(after(fields, "-field_order"), "bb");
});

Deno.test("on macOS a camera is opened without a microphone, and encoded", () => {
  const all = ways("FaceTime HD Camera", "darwin");
  for (const way of all) {
    assert.equal(after(way, "-f"), "avfoundation");
    assert.equal(after(way, "-i"), "FaceTime HD Camera:none");
    assert.equal(after(way, "-framerate"), "30");
    assert.ok(!way.copies);
  }
  assert.deepEqual(all.map((way) => after(way, "-video_size")), ["1280x720", undefined]);
});

Deno.test("on Windows a camera is asked for MJPEG, then for anything, then for its default", () => {
  const all = ways("HD Webcam", "windows");
  for (const way of all) {
    assert.equal(after(way, "-f"), "dshow");
    assert.equal(after(way, "-i"), "video=HD Webcam");
  }
  assert.deepEqual(all.map((way) => after(way, "-vcodec")), ["mjpeg", undefined, undefined]);
  const sizes = all.map((way) => after(way, "-video_size"));
  assert.deepEqual(sizes, ["1280x720", "1280x720", undefined]);
  assert.deepEqual(all.map(({ copies }) => copies), [true, false, false]);
});

Deno.test("a file is looped in real time, whatever its name holds", () => {
  for (const path of ["dir/clip.mp4", "./-y.mp4", "a:b.mp4"]) {
    for (const way of ways(path)) {
      assert.ok(way.args.includes("-re"));
      assert.equal(after(way, "-stream_loop"), "-1");
      assert.equal(after(way, "-i"), `file:${path}`);
    }
  }
});

Deno.test("a file is opened first as its name suggests, then as what it is", () => {
  assert.deepEqual(names("a.mjpeg"), ["copy", "encode"]);
  assert.deepEqual(names("a.mp4"), ["encode", "copy"]);
  assert.deepEqual(names("a.mjpeg", VIDEO), ["encode"]);
  assert.deepEqual(names("a.mp4", CONTAINED), ["copy", "encode"]);
  assert.deepEqual(names("a.mp4", { ...CONTAINED, isDistorted: true }), ["encode"]);
  assert.deepEqual(names("a.mjpeg", { ...RAW, isUnsound: true }), ["encode"]);
});

Deno.test("a single picture is polled: a JPEG is copied, all else encoded", () => {
  const jpeg = { ...RAW, isStill: true } as const;
  const both = ["poll and copy", "poll and encode"];
  const cases: [findings: Findings, names: string[]][] = [
    [jpeg, both],
    [{ ...jpeg, isUnsound: true }, ["poll and encode"]],
    [{ codec: "png", isRaw: false, isStill: true }, ["poll and encode"]],
  ];
  for (const text of ["snap.jpg", "./picture", "http://cam/snap.jpg"]) {
    for (const [findings, expected] of cases) {
      assert.deepEqual(names(text, findings), expected, text);
      for (const way of ways(text, "linux", findings)) {
        assert.ok(way.polls);
        assert.equal(way.evidence, "none");
        // It would drop the only picture, or loop it forever.
        for (const flag of ["nobuffer", "-re", "-stream_loop"]) assert.ok(!way.args.includes(flag));
        // A picture of 1 MB has to be read to its end.
        assert.equal(way.args.findLast((_, i) => way.args[i - 1] === "-probesize"), "33554432");
      }
    }
    assert.ok(ways(text).every(({ polls }) => !polls));
  }
  // A stream that broke off after one picture is none.
  assert.deepEqual(names("tcp://cam:8888", jpeg), ["bytes", "copy", "encode"]);
  // A camera's word for the shape of its pixels is not taken, a file's is.
  assert.deepEqual(names("http://cam/snap.jpg", { ...jpeg, isDistorted: true }), both);
  assert.deepEqual(names("snap.jpg", { ...jpeg, isDistorted: true }), ["poll and encode"]);
});

Deno.test("an address of HTTP is read as bytes with JPEGs in it, then as any video", () => {
  assert.deepEqual(names("http://cam/"), ["bytes", "paced encode"]);
  assert.deepEqual(names("http://cam/", { isRaw: false }), ["paced encode"]);
  assert.deepEqual(names("http://cam/", VIDEO), ["encode"]);
  assert.deepEqual(names("http://cam/", { ...VIDEO, isRecorded: true }), ["paced encode"]);
  assert.deepEqual(names("http://cam/", CONTAINED), ["paced copy", "paced encode"]);
  assert.deepEqual(names("http://cam/", RAW), ["bytes", "copy", "encode"]);
  // A camera's word for the shape of its pixels is not taken.
  assert.deepEqual(names("http://cam/", { ...RAW, isDistorted: true }), [
    "bytes",
    "copy",
    "encode",
  ]);
  const unsound = { ...RAW, isUnsound: true } as const;
  assert.deepEqual(names("http://cam/", unsound), ["encode", "search and encode"]);
  const fields = { ...RAW, fields: "top" } as const;
  assert.deepEqual(names("http://cam/", fields), ["search and encode"]);
});

Deno.test("only what comes faster than it is shown is held back", () => {
  for (const way of allWays()) {
    if (!way.args.includes("-protocol_whitelist") || way.args.includes("-stream_loop")) continue;
    assert.equal(way.args.includes("-re"), way.name.startsWith("paced "), way.name);
  }
});

Deno.test("an address of TCP is read as any video, then as bytes with JPEGs in it", () => {
  assert.deepEqual(names("tcp://cam:8888"), ["encode", "bytes"]);
  assert.deepEqual(names("tcp://cam:8888", RAW), ["bytes", "copy", "encode"]);
  assert.deepEqual(names("srt://cam:9000"), ["encode"]);
  assert.deepEqual(names("srt://cam:9000", RAW), ["copy", "encode"]);
});

Deno.test("rtsp comes over TCP, which loses nothing, and then over UDP", () => {
  const all = ways("rtsp://cam/1");
  assert.deepEqual(all.map((way) => after(way, "-rtsp_transport")), ["tcp", "udp"]);
  assert.deepEqual(all.map((way) => after(way, "-protocol_whitelist")), [
    "rtsp,tcp",
    "rtsp,tcp,rtp,udp",
  ]);
  assert.deepEqual(names("rtsp://cam/1", { ...CONTAINED, isRecorded: false }), [
    ...["tcp copy", "tcp encode", "udp copy", "udp encode"],
  ]);
  const secure = ways("rtsps://cam/1").map((way) => after(way, "-rtsp_transport"));
  assert.deepEqual(secure, ["tcp"]);
});

Deno.test("fields are woven by a filter where ffmpeg knows no height of the whole frame", () => {
  const filters = (text: string, findings: Findings) =>
    ways(text, "linux", findings).map((way) => /weave=\w+=\w+/.exec(after(way, "-vf") ?? "")?.[0]);
  assert.deepEqual(filters("a.mjpeg", { ...RAW, fields: "top" }), ["weave=first_field=top"]);
  assert.deepEqual(filters("http://cam/", { ...RAW, fields: "bottom" }), [
    "weave=first_field=bottom",
  ]);
  const [avi] = ways("a.avi", "linux", { ...CONTAINED, fields: "top" });
  assert.doesNotMatch(after(avi, "-vf")!, /weave/);
  assert.equal(after(avi, "-field_order"), "tt");
});

Deno.test("the test picture is asked for with a clock, then without", () => {
  const [clock, plain] = ways("test", "darwin").map((way) => after(way, "-i"));
  assert.match(clock!, /^testsrc2=size=1280x720:rate=30,drawtext=/);
  assert.equal(plain, "testsrc2=size=1280x720:rate=30");
});

Deno.test("a URL and a file are held to their protocols, and a URL to pieces of 64 MiB", () => {
  const cases: [text: string, protocols: string][] = [
    ["clip.mp4", "file"],
    ["http://cam/1", "http,https,tls,tcp,crypto,httpproxy"],
    ["HTTPS://cam/1", "https,tls,tcp,crypto,httpproxy"],
    ["rtsps://cam/1", "rtsps,tls,tcp"],
    ["file:///etc/passwd", "none"],
    ["concat://a|b", "none"],
  ];
  for (const [text, protocols] of cases) {
    for (const way of FINDINGS.flatMap((findings) => ways(text, "linux", findings))) {
      assert.equal(after(way, "-protocol_whitelist"), protocols);
      assert.ok(way.args.indexOf("-protocol_whitelist") < way.args.indexOf("-i"));
      assert.equal(after(way, "-max_alloc"), text === "clip.mp4" ? undefined : "67108864");
      if (/^http/i.test(text)) assert.equal(after(way, "-max_redirects"), "0");
    }
  }
});

Deno.test("ffmpeg repeats its lines instead of counting them", () => {
  for (const { args } of allWays()) {
    for (const [i, arg] of args.entries()) {
      if (arg === "-loglevel") assert.match(args[i + 1], /^repeat\+/);
    }
  }
});
