import assert from "node:assert/strict";
import { listCameras } from "../../../../src/producers/ffmpeg/devices.ts";
import { Child } from "../../../support/child.ts";
import { movingClip } from "../../../support/clips.ts";
import { deviceFiles } from "../../../support/device_files.ts";
import { FakeCamera } from "../../../support/fake_camera.ts";
import { isRunning } from "../../../support/is_running.ts";
import { recordingLog } from "../../../support/recording_log.ts";
import { ScriptedFfmpeg } from "../../../support/scripted_ffmpeg.ts";
import { until } from "../../../support/until.ts";

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

Deno.test("an ffmpeg that was asked something ends when the program is killed", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create("echo $$ >> pids");
  const devices = import.meta.resolve("../../../../src/producers/ffmpeg/devices.ts");
  // It may be killed once it has asked: no process can guard a child before that child exists.
  const asking = `import { askFfmpeg } from "${devices}";
    const log = { debug: (message) => console.log(message) };
    const asked = askFfmpeg({ program: "${ffmpeg.program}", system: "linux", log }, []);
    console.log("asked");
    await asked;`;
  await using program = new Child([Deno.execPath(), "eval", "--no-check", asking], {
    stdout: "piped",
  });
  await program.says(/^asked$/m);
  const [pid] = await until("ffmpeg", () => ffmpeg.pids(), ({ length }) => length > 0);
  assert(await isRunning(pid));
  program.kill("SIGKILL");
  await program.status;
  await until("ffmpeg to end", async () => !await isRunning(pid), Boolean, { timeout: 3_000 });
  assert.equal(program.output, "asked\n");
});
