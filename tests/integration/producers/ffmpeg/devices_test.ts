import assert from "node:assert/strict";
import { listCameras } from "../../../../src/producers/ffmpeg/devices.ts";
import { movingClip } from "../../../support/clips.ts";
import { deviceFiles } from "../../../support/device_files.ts";
import { FakeCamera } from "../../../support/fake_camera.ts";
import { recordingLog } from "../../../support/recording_log.ts";

function ffmpegOf({ ffmpeg: program }: FakeCamera) {
  return { program, system: "linux", log: recordingLog() } as const;
}

Deno.test("listCameras finds the camera that ffmpeg finds", async () => {
  const device = "/dev/video88";
  await using camera = await FakeCamera.create({ clip: await movingClip(), device });
  await using files = await deviceFiles(device);
  if (files === null) return;
  const cameras = await listCameras(ffmpegOf(camera));
  assert.deepEqual(cameras.filter((found) => found.device === device), [
    { device, name: "Fake Webcam" },
  ]);
});

Deno.test("listCameras leaves out a camera's device for metadata", async () => {
  const [device, metadataDevice] = ["/dev/video83", "/dev/video84"];
  await using files = await deviceFiles(device, metadataDevice);
  if (files === null) return;
  const clip = await movingClip();
  await using camera = await FakeCamera.create({ clip, device, metadataDevice });
  const found = await new Deno.Command(camera.ffmpeg, {
    args: ["-hide_banner", "-sources", "v4l2"],
  }).output();
  const text = new TextDecoder().decode(found.stdout);
  assert.match(text, /video84 \[Fake Webcam\]/, "ffmpeg itself lists it");
  const cameras = await listCameras(ffmpegOf(camera));
  assert.deepEqual(cameras, [{ device, name: "Fake Webcam" }]);
});
