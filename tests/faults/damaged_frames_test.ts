import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { damagedClip, framesOf, movingClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { startProgram } from "../support/program.ts";
import { stateOf } from "../support/requests.ts";
import { fpsOf, StreamClient, type StreamPart } from "../support/stream_client.ts";

/** Decodes every frame. Returns their number and ffmpeg's messages. */
async function decode(parts: readonly StreamPart[]): Promise<{ frames: number; said: string }> {
  const decoder = new Deno.Command("ffmpeg", {
    args: [
      ...["-hide_banner", "-nostdin", "-v", "warning", "-f", "mjpeg", "-i", "pipe:0"],
      ...["-pix_fmt", "gray", "-f", "rawvideo", "pipe:1"],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = decoder.output();
  const input = decoder.stdin.getWriter();
  for (const { jpeg } of parts) await input.write(jpeg);
  await input.close();
  const { stdout, stderr } = await output;
  // ffmpeg prints a note about full range for every JPEG.
  const said = new TextDecoder().decode(stderr).split("\n")
    .filter((line) => line !== "" && !line.includes("deprecated pixel format"));
  return { frames: stdout.length / (640 * 480), said: said.join("\n") };
}

Deno.test("viewers get whole frames only, although half of the camera's are damaged", async () => {
  await using camera = await FakeCamera.create({ clip: await damagedClip() });
  await using program = await startProgram([...camera.options, "--resolution=640x480"]);
  const paths = ["", "?quality=medium", "?quality=low&filter=grayscale", "?mode=gaming"];
  await using stack = new AsyncDisposableStack();
  const viewers = await Promise.all(
    paths.map(async (path) =>
      stack.use(await StreamClient.open(`${program.origin}/stream${path}`))
    ),
  );
  await Promise.all(viewers.map((viewer) => viewer.next(45, 10_000)));

  for (const [i, { parts }] of viewers.entries()) {
    const watched = parts.slice();
    const { frames, said } = await decode(watched);
    assert.equal(said, "", paths[i]);
    assert.equal(frames, watched.length, paths[i]);
    assert.ok(fpsOf(watched) > 10, `${fpsOf(watched)} frames a second of ${paths[i]}`);
  }
  const sound = new Set(
    (await framesOf(await movingClip())).map((f) => Buffer.from(f).toString("hex")),
  );
  for (const { jpeg } of viewers[0].parts) {
    assert.ok(sound.has(Buffer.from(jpeg).toString("hex")), "not a frame of the clip");
  }
  const { live, counters } = await stateOf(program);
  assert.ok(live);
  assert.ok(counters.damaged > 15, `${counters.damaged} damaged`);
  assert.equal(counters.replaced, 0, "a transcoder died");
  assert.doesNotMatch(program.output(), /Uncaught|panicked|"level":"error"/);
});
