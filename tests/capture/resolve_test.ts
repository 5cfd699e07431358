import assert from "node:assert/strict";
import type { Camera } from "../../src/capture/devices.ts";
import { resolveSource } from "../../src/capture/resolve.ts";
import type { System } from "../../src/capture/source.ts";
import { UserError } from "../../src/errors.ts";

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

Deno.test("auto is the first camera, and the others are told of", async () => {
  const { source, said } = await resolve("auto", CAMERAS);
  assert.deepEqual(source, { kind: "camera", ...CAMERAS[0] });
  assert.equal(said.length, 1);
});

Deno.test("auto without a camera is the test picture, and that is told", async () => {
  const { source, said } = await resolve("auto", []);
  assert.deepEqual(source, { kind: "test" });
  assert.match(said[0], /^Cannot find a camera/);
});

Deno.test("a camera's name is looked up where ffmpeg takes only devices", async () => {
  const { source } = await resolve("hd webcam", CAMERAS);
  assert.deepEqual(source, { kind: "camera", ...CAMERAS[1] });
});

Deno.test("no ffmpeg is started to list cameras where nothing is to be looked up", async () => {
  for (const text of ["/dev/video9", "0", "test", "a.mp4", "rtsp://cam/1"]) {
    assert.equal((await resolve(text, [])).lists, 0, text);
  }
  assert.equal((await resolve("FaceTime HD Camera", [], "darwin")).lists, 0);
});

Deno.test("a camera that is not there is an error that tells which are", async () => {
  await assert.rejects(resolve("Nothing", CAMERAS), (error) => {
    assert.ok(error instanceof UserError);
    assert.equal(
      error.message,
      'Cannot find camera "Nothing": there is Integrated Camera (/dev/video0), HD Webcam (/dev/video2)',
    );
    return true;
  });
});
