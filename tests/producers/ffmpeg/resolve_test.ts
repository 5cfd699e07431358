import assert from "node:assert/strict";
import type { Camera } from "../../../src/producers/ffmpeg/devices.ts";
import { resolveSource } from "../../../src/producers/ffmpeg/resolve.ts";
import type { System } from "../../../src/producers/ffmpeg/source.ts";
import { UserError } from "../../../src/errors.ts";
import { recordingLog } from "../../support/recording_log.ts";

const CAMERAS: readonly Camera[] = [
  { device: "/dev/video0", name: "Integrated Camera" },
  { device: "/dev/video2", name: "HD Webcam" },
];

async function resolve(text: string, cameras: readonly Camera[], system: System = "linux") {
  const said: string[] = [];
  let lists = 0;
  const say = (message: string) => void said.push(message);
  const source = await resolveSource(text, {
    system,
    listCameras: () => {
      lists++;
      return Promise.resolve(cameras);
    },
    log: { debug: say, info: say, warn: say, error: say },
  });
  return { source, said, lists };
}

Deno.test("auto is the first camera, and the log lists the others", async () => {
  const { source, said } = await resolve("auto", CAMERAS);
  assert.deepEqual(source, { kind: "camera", ...CAMERAS[0] });
  assert.equal(said.length, 1);
});

Deno.test("auto without a camera is the test picture, and the log says so", async () => {
  const { source, said } = await resolve("auto", []);
  assert.deepEqual(source, { kind: "test", isStandIn: true });
  assert.match(said[0], /^No camera found/);
});

Deno.test("a camera's name is looked up where ffmpeg takes only devices", async () => {
  const { source } = await resolve("hd webcam", CAMERAS);
  assert.deepEqual(source, { kind: "camera", ...CAMERAS[1] });
});

Deno.test("no ffmpeg is started to list cameras where nothing is to be looked up", async () => {
  for (const text of ["test", "a.mp4", "/a b.mp4", "./a b.mp4", "rtsp://cam/1"]) {
    assert.equal((await resolve(text, [])).lists, 0, text);
  }
});

Deno.test("a camera has its name however it was chosen", async () => {
  const expected = { kind: "camera", ...CAMERAS[1] };
  for (
    const text of ["/dev/video2", "2", "HD Webcam", "hd webcam (/dev/video2)", "webcam"]
  ) assert.deepEqual((await resolve(text, CAMERAS)).source, expected, text);
  const slashed = { device: "/dev/video4", name: "USB 2.0/HD Camera v.1a" };
  for (const text of [slashed.name, `${slashed.name} (/dev/video4)`, "/dev/video4"]) {
    assert.deepEqual((await resolve(text, [slashed])).source, { kind: "camera", ...slashed });
  }
  const mac = { device: "0", name: "FaceTime HD Camera" };
  for (const text of ["0", "FaceTime HD Camera", "FaceTime HD Camera (0)"]) {
    assert.deepEqual((await resolve(text, [mac], "darwin")).source, { kind: "camera", ...mac });
  }
});

Deno.test("all that --list-devices prints is a camera for --source, also where two have one name", async () => {
  const twins: Record<System, Camera[]> = {
    linux: [
      { device: "/dev/video0", name: "HD Webcam" },
      { device: "/dev/video2", name: "HD Webcam" },
    ],
    darwin: [{ device: "0", name: "HD Webcam" }, { device: "1", name: "HD Webcam" }],
    windows: [
      { device: "HD Webcam", name: "HD Webcam" },
      { device: "@device_pnp_\\\\?\\usb#vid_1#global", name: "HD Webcam" },
    ],
  };
  for (const [system, cameras] of Object.entries(twins) as [System, Camera[]][]) {
    for (const { device, name } of cameras) {
      const { source } = await resolve(device, cameras, system);
      assert.equal(source.kind === "camera" && source.device, device);
      const named = (await resolve(name, cameras, system)).source;
      assert.equal(named.kind === "camera" && named.device, cameras[0].device);
    }
  }
});

Deno.test("a device that ffmpeg does not list is opened as it was named", async () => {
  const device = "/dev/v4l/by-id/usb-046d_HD_Webcam-index0";
  assert.deepEqual((await resolve(device, CAMERAS)).source, { kind: "camera", device });
  const screen = "Capture screen 0";
  const { source } = await resolve(screen, [], "darwin");
  assert.deepEqual(source, { kind: "camera", device: screen });
});

Deno.test("without ffmpeg a camera that is named by its device is opened nevertheless, to say so", async () => {
  const log = recordingLog();
  const listCameras = () => Promise.reject(new UserError("Cannot find ffmpeg"));
  const options = { system: "linux", listCameras, log } as const;
  const source = await resolveSource("/dev/video0", options);
  assert.deepEqual(source, { kind: "camera", device: "/dev/video0" });
  await assert.rejects(resolveSource("HD Webcam", options), UserError);
});

Deno.test("a missing camera is an error that lists those that exist", async () => {
  await assert.rejects(resolve("Nothing", CAMERAS), (error) => {
    assert.ok(error instanceof UserError);
    assert.equal(
      error.message,
      'Cannot find camera "Nothing": there is Integrated Camera (/dev/video0), HD Webcam (/dev/video2)',
    );
    return true;
  });
});
