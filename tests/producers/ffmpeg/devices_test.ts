import assert from "node:assert/strict";
import {
  askFfmpeg,
  describeCameras,
  findCamera,
  givesPictures,
  listCameras,
  parseAvfoundationDevices,
  parseDshowDevices,
  parseV4l2Sources,
} from "../../../src/producers/ffmpeg/devices.ts";
import { UserError } from "../../../src/errors.ts";
import { FakeTime } from "../../support/fake_time.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { ScriptedFfmpeg } from "../../support/scripted_ffmpeg.ts";

Deno.test("parseV4l2Sources gives cameras by number, without the parts of a Raspberry Pi", () => {
  const text = `Auto-detected sources for video4linux2,v4l2:
  /dev/video14 [bcm2835-isp] (none)
  /dev/video10 [bcm2835-codec-decode] (none)
  /dev/video2 [HD Pro Webcam C920] (none)
* /dev/video0 [Integrated Camera: Integrated C [x]] (video)
  /dev/video1 [Integrated Camera: Integrated C]
`;
  assert.deepEqual(parseV4l2Sources(text), [
    { device: "/dev/video0", name: "Integrated Camera: Integrated C [x]" },
    { device: "/dev/video1", name: "Integrated Camera: Integrated C" },
    { device: "/dev/video2", name: "HD Pro Webcam C920" },
  ]);
  assert.deepEqual(parseV4l2Sources("Auto-detected sources for video4linux2,v4l2:\n"), []);
});

Deno.test("parseAvfoundationDevices gives cameras, no screens and no microphones", () => {
  const text = `[AVFoundation indev @ 0x7fc3d2c04c00] AVFoundation video devices:
[AVFoundation indev @ 0x7fc3d2c04c00] [0] FaceTime HD Camera (Built-in)
[AVFoundation indev @ 0x7fc3d2c04c00] [1] Logitech [BRIO]
[AVFoundation indev @ 0x7fc3d2c04c00] [2] Capture screen 0
[AVFoundation indev @ 0x7fc3d2c04c00] AVFoundation audio devices:
[AVFoundation indev @ 0x7fc3d2c04c00] [0] Built-in Microphone
: Input/output error
`;
  assert.deepEqual(parseAvfoundationDevices(text), [
    { device: "0", name: "FaceTime HD Camera (Built-in)" },
    { device: "1", name: "Logitech [BRIO]" },
  ]);
  assert.deepEqual(parseAvfoundationDevices("Unknown input format: 'avfoundation'"), []);
});

Deno.test("parseDshowDevices reads the list of ffmpeg 5 and later", () => {
  const text = `[dshow @ 000001f5] "HP Wide Vision HD Camera" (video)\r
[dshow @ 000001f5]   Alternative name "@device_pnp_\\\\?\\usb#vid_04f2&pid_b66a#global"\r
[dshow @ 000001f5] "OBS Virtual Camera" (none)\r
[dshow @ 000001f5]   Alternative name "@device_sw_{860BB310}"\r
[dshow @ 000001f5] "Capture Card" (audio, video)\r
[dshow @ 000001f5] "Microphone Array" (audio)\r
dummy: Immediate exit requested\r
`;
  assert.deepEqual(parseDshowDevices(text), [
    { device: "HP Wide Vision HD Camera", name: "HP Wide Vision HD Camera" },
    { device: "Capture Card", name: "Capture Card" },
  ]);
});

Deno.test("parseDshowDevices distinguishes cameras of the same name", () => {
  const text = `[dshow @ 000001f5] "HD Webcam" (video)\r
[dshow @ 000001f5]   Alternative name "@device_pnp_\\\\?\\usb#vid_1#global"\r
[dshow @ 000001f5] "HD Webcam" (video)\r
[dshow @ 000001f5]   Alternative name "@device_pnp_\\\\?\\usb#vid_2#global"\r
[dshow @ 000001f5] "HD Webcam" (audio)\r
[dshow @ 000001f5]   Alternative name "@device_cm_{33D9A762}"\r
`;
  assert.deepEqual(parseDshowDevices(text), [
    { device: "HD Webcam", name: "HD Webcam" },
    { device: "@device_pnp_\\\\?\\usb#vid_2#global", name: "HD Webcam" },
  ]);
});

Deno.test("parseDshowDevices reads the list of ffmpeg before 5", () => {
  const text =
    `[dshow @ 00000000003d] DirectShow video devices (some may be both video and audio devices)
[dshow @ 00000000003d]  "USB2.0 HD UVC WebCam"
[dshow @ 00000000003d]     Alternative name "@device_pnp_\\\\?\\usb#vid_13d3"
[dshow @ 00000000003d] DirectShow audio devices
[dshow @ 00000000003d]  "Microphone (Realtek)"
dummy: Immediate exit requested
`;
  assert.deepEqual(parseDshowDevices(text), [
    { device: "USB2.0 HD UVC WebCam", name: "USB2.0 HD UVC WebCam" },
  ]);
});

Deno.test("findCamera takes a device, a name, a number or part of a name", () => {
  const cameras = [
    { device: "/dev/video0", name: "Integrated Camera" },
    { device: "/dev/video2", name: "HD Pro Webcam C920" },
  ];
  const [integrated, external] = cameras;
  assert.equal(findCamera(cameras, "/dev/video2"), external);
  assert.equal(findCamera(cameras, "integrated camera"), integrated);
  assert.equal(findCamera(cameras, "1"), external);
  assert.equal(findCamera(cameras, "c920"), external);
  assert.equal(findCamera(cameras, "HD Pro Webcam C920 (/dev/video2)"), external);
  assert.equal(findCamera(cameras, "7"), null);
  assert.equal(findCamera([], "C920"), null);
});

Deno.test("describeCameras names a device only where it says more than the name", () => {
  const linux = { device: "/dev/video0", name: "Webcam" };
  const windows = { device: "HD Webcam", name: "HD Webcam" };
  assert.equal(describeCameras([linux, windows]), "Webcam (/dev/video0), HD Webcam");
});

Deno.test("givesPictures knows a camera by its formats, and one that cannot be opened may give some", () => {
  const formats =
    `[video4linux2,v4l2 @ 0x1] Compressed:       mjpeg :          Motion-JPEG : 640x480
[video4linux2,v4l2 @ 0x1] Raw       :     yuyv422 :           YUYV 4:2:2 : 640x480
/dev/video0: Immediate exit requested
`;
  assert.ok(givesPictures(formats));
  assert.ok(givesPictures("/dev/video0: Device or resource busy"));
  assert.ok(!givesPictures("/dev/video1: Immediate exit requested"));
  const line = "[video4linux2,v4l2 @ 0x1] ioctl(VIDIOC_G_INPUT): Inappropriate ioctl for device";
  assert.ok(!givesPictures(line));
  assert.ok(!givesPictures("[v4l2 @ 0x1] Not a video capture device."));
});

Deno.test("listCameras says how to install ffmpeg where there is none", async () => {
  await assert.rejects(
    listCameras({ program: "/no/such/ffmpeg", system: "darwin", log: recordingLog() }),
    (error) => error instanceof UserError && /brew install ffmpeg/.test(error.message),
  );
});

Deno.test("an ffmpeg that does not answer is killed after 5 s", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create();
  using time = new FakeTime();
  const asked = askFfmpeg({ program: ffmpeg.program, system: "linux", log: recordingLog() }, []);
  time.tick(5_000);
  assert.equal((await asked).isLate, true);
});
