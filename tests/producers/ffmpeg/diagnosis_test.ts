import assert from "node:assert/strict";
import { diagnose, type FailureKind } from "../../../src/producers/ffmpeg/diagnosis.ts";
import type { Source, System } from "../../../src/producers/ffmpeg/source.ts";

const CAMERA: Source = { kind: "camera", device: "/dev/video0" };
const FACETIME: Source = { kind: "camera", device: "FaceTime HD Camera" };
const FILE: Source = { kind: "file", path: "clips/a.mp4" };
const URL: Source = { kind: "url", url: "rtsp://cam/1" };

interface Case {
  readonly source: Source;
  readonly system?: System;
  /** What ffmpeg wrote. */
  readonly lines: readonly string[];
  readonly kind: FailureKind;
  readonly reason: RegExp;
}

/** What the ffmpegs of the three systems write. */
const CASES: readonly Case[] = [
  {
    source: CAMERA,
    lines: [
      "[video4linux2,v4l2 @ 0x5b] ioctl(VIDIOC_STREAMON): Device or resource busy",
      "/dev/video0: Device or resource busy",
    ],
    kind: "refused",
    reason: /"\/dev\/video0": another program is using it\. Close/,
  },
  {
    source: { kind: "camera", device: "HD Webcam" },
    system: "windows",
    lines: [
      "[dshow @ 0] Could not run graph (sometimes caused by a device already in use by other application)",
      "video=HD Webcam: I/O error",
    ],
    kind: "refused",
    reason: /another program is using it/,
  },
  {
    source: CAMERA,
    lines: ["[video4linux2,v4l2 @ 0x5b] Cannot open video device /dev/video0: Permission denied"],
    kind: "refused",
    reason: /no permission.*sudo usermod -aG video \$USER/,
  },
  {
    source: FACETIME,
    system: "darwin",
    lines: ["[avfoundation @ 0x7f] Failed to create AV capture input device: not authorized"],
    kind: "refused",
    reason: /System Settings, Privacy & Security, Camera/,
  },
  {
    source: CAMERA,
    lines: [
      "[video4linux2,v4l2 @ 0x5b] Cannot open video device /dev/video0: No such file or directory",
    ],
    kind: "missing",
    reason: /"\/dev\/video0" is not connected\. Plug it in/,
  },
  {
    source: CAMERA,
    lines: [
      "[video4linux2,v4l2 @ 0x5b] ioctl(VIDIOC_DQBUF): No such device",
      "/dev/video0: No such device",
    ],
    kind: "missing",
    reason: /is not connected/,
  },
  {
    source: FACETIME,
    system: "darwin",
    lines: [
      "[avfoundation @ 0x7f] Video device not found",
      "FaceTime HD Camera: Input/output error",
    ],
    kind: "missing",
    reason: /is not connected/,
  },
  {
    source: { kind: "camera", device: "HD Webcam" },
    system: "windows",
    lines: [
      "[dshow @ 0] Could not find video device with name [HD Webcam] among source devices of type video.",
    ],
    kind: "missing",
    reason: /is not connected/,
  },
  {
    source: CAMERA,
    lines: [
      "[video4linux2,v4l2 @ 0x5b] Cannot find a proper format for codec 'mjpeg' (id 7), pixel format 'none' (id -1)",
      "/dev/video0: Invalid argument",
    ],
    kind: "other",
    reason: /no such picture size, rate or format/,
  },
  {
    source: FACETIME,
    system: "darwin",
    lines: ["[avfoundation @ 0x7f] Selected framerate (30.000000) is not supported by the device."],
    kind: "other",
    reason: /no such picture size/,
  },
  {
    source: { kind: "camera", device: "HD Webcam" },
    system: "windows",
    lines: ["[dshow @ 0] Could not set video options", "video=HD Webcam: I/O error"],
    kind: "other",
    reason: /no such picture size/,
  },
  {
    source: { kind: "test" },
    lines: ["[AVFilterGraph @ 0x5b] No such filter: 'drawtext'"],
    kind: "other",
    reason: /the test picture/,
  },
  {
    source: CAMERA,
    lines: ["[video4linux2,v4l2 @ 0x5b] ioctl(VIDIOC_QUERYCAP): Inappropriate ioctl for device"],
    kind: "refused",
    reason: /it is not a camera/,
  },
  {
    source: FILE,
    lines: ["clips/a.mp4: No such file or directory"],
    kind: "missing",
    reason: /"a\.mp4": it does not exist/,
  },
  {
    source: FILE,
    lines: ["clips/a.mp4: Permission denied"],
    kind: "refused",
    reason: /no permission to read/,
  },
  {
    source: FILE,
    lines: ["clips/a.mp4: Invalid data found when processing input"],
    kind: "other",
    reason: /it is not a video/,
  },
  {
    source: FILE,
    lines: ["Output #0, mjpeg, to 'pipe:1':", "Output file #0 does not contain any stream"],
    kind: "other",
    reason: /there is no video in it/,
  },
  {
    source: URL,
    lines: ["[tcp @ 0x5b] Connection to tcp://cam:554?timeout=0 failed: Connection refused"],
    kind: "refused",
    reason: /nothing answers there/,
  },
  {
    source: URL,
    lines: ["[tcp @ 0x5b] Failed to resolve hostname cam: Name or service not known"],
    kind: "refused",
    reason: /no host of that name/,
  },
  {
    source: URL,
    lines: ["[rtsp @ 0x5b] method DESCRIBE failed: 401 Unauthorized"],
    kind: "refused",
    reason: /user name and password/,
  },
  {
    source: URL,
    lines: ["[tcp @ 0x5b] Connection to tcp://cam:554 failed: Connection timed out"],
    kind: "refused",
    reason: /no answer/,
  },
  {
    source: URL,
    lines: ["rtsp://cam/1: Invalid argument", "Something nobody has seen before"],
    kind: "other",
    reason: /^Cannot open "rtsp:\/\/cam": ffmpeg says: Invalid argument$/,
  },
  {
    source: URL,
    lines: ["[http @ 0x5b] Protocol 'file' not on whitelist 'http,tcp'!"],
    kind: "refused",
    reason: /sends this machine to another address/,
  },
  {
    source: URL,
    lines: ["http://cam/1: Cannot allocate memory"],
    kind: "refused",
    reason: /damaged, too large, or never ends/,
  },
];

const ENDED = {
  hadFrames: false,
  stalled: false,
  astray: false,
  hadData: true,
  damaged: 0,
  oversized: 0,
};

for (const { source, system = "linux", lines, kind, reason } of CASES) {
  Deno.test(`diagnose understands "${lines[0].slice(0, 90)}" on ${system}`, () => {
    const diagnosis = diagnose(source, { ...ENDED, lines }, system);
    assert.equal(diagnosis.kind, kind);
    assert.match(diagnosis.reason.forStreamer, reason);
    assert.doesNotMatch(diagnosis.reason.forStreamer, /\.$/);
  });
}

Deno.test("diagnose distinguishes a stalled camera, an ended stream and damaged pictures", () => {
  const lines = ["frame information"];
  const reasonOf = (source: Source, more: object) =>
    diagnose(source, { ...ENDED, lines, ...more }, "linux").reason.forStreamer;
  assert.match(
    reasonOf(CAMERA, { stalled: true, hadFrames: true }),
    /Unplug it and plug it in again/,
  );
  assert.match(reasonOf(URL, { stalled: true, hadFrames: true }), /^No more pictures come/);
  assert.match(reasonOf(URL, { stalled: true }), /^No pictures come/);
  assert.match(reasonOf(URL, { stalled: true, damaged: 3 }), /^Only damaged pictures/);
  assert.match(reasonOf(URL, { stalled: true, oversized: 3 }), /^Only pictures of more than 7680x/);
  assert.match(reasonOf(URL, { hadFrames: true }), /^The pictures of "rtsp:\/\/cam" ended$/);
  assert.match(reasonOf(URL, {}), /ffmpeg gave a reason that is not known here/);
});

Deno.test("diagnose knows when another way of opening a silent source may help", () => {
  const kindOf = (url: string, more: object) =>
    diagnose({ kind: "url", url }, { ...ENDED, lines: [], stalled: true, ...more }, "linux").kind;
  const connected = { lines: ["[tcp @ 0x5b] Successfully connected to 10.0.0.7 port 554"] };
  const silent = { hadData: false };
  assert.equal(kindOf("http://cam/", silent), "refused");
  assert.equal(kindOf("http://cam/", { ...silent, ...connected }), "refused");
  assert.equal(kindOf("http://cam/", {}), "other", "bytes that are no pictures");
  assert.equal(kindOf("rtsp://cam/", silent), "refused");
  assert.equal(kindOf("rtsp://cam/", { ...silent, ...connected }), "other", "UDP may do");
  for (const failure of [{ ...ENDED, lines: [], stalled: true }, { ...ENDED, lines: [] }]) {
    assert.equal(diagnose({ kind: "test" }, failure, "linux").kind, "refused");
  }
});

Deno.test("diagnose has words even when ffmpeg has none", () => {
  const { reason, isKnown } = diagnose(CAMERA, { ...ENDED, lines: [] }, "linux");
  assert.equal(isKnown, false);
  assert.deepEqual(reason, {
    code: "camera-unusable",
    forStreamer: 'Cannot open camera "/dev/video0": ffmpeg ended without a message',
  });
});
