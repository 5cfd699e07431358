import assert from "node:assert/strict";
import { testsAtOnce } from "../../support/at_once.ts";
import { Buffer } from "node:buffer";
import { UserError } from "../../../src/errors.ts";
import { until } from "../../support/until.ts";
import { SwitcherProbe } from "../../support/switcher_probe.ts";
import { framesOf, movingClip } from "../../support/clips.ts";
import { deviceFiles } from "../../support/device_files.ts";
import { FakeCamera } from "../../support/fake_camera.ts";
import { isRunning } from "../../support/is_running.ts";

const test = testsAtOnce("switching sources", 3);

const STREET = new URL("../../support/street.mp4", import.meta.url).pathname;
/** Refuses every connection at once: nothing listens on the discard port. */
const REFUSED = "http://127.0.0.1:9/stream";

function contentOf(jpeg: Uint8Array): string {
  return Buffer.from(jpeg).toString("base64");
}

interface Stage extends AsyncDisposable {
  readonly camera: FakeCamera;
  readonly probe: SwitcherProbe;
  /** Returns the process ids of all ffmpegs that still run. */
  running(): Promise<number[]>;
}

/** A switcher whose every ffmpeg sees a fake camera, live. */
async function stage(source: "camera" | "test"): Promise<Stage> {
  const camera = await FakeCamera.create({ clip: await movingClip() });
  const device = source === "camera" ? camera.device : source;
  const probe = new SwitcherProbe({ source: device, ffmpeg: camera.ffmpeg });
  await probe.start();
  await probe.until("live", () => probe.state.live, 10_000);
  const running = async () => {
    const pids = await camera.pids();
    const alive = await Promise.all(pids.map(isRunning));
    return pids.filter((_, i) => alive[i]);
  };
  return {
    camera,
    probe,
    running,
    async [Symbol.asyncDispose]() {
      await probe[Symbol.asyncDispose]();
      assert.deepEqual(await running(), [], "leaves an ffmpeg");
      await camera[Symbol.asyncDispose]();
    },
  };
}

/** Which of the pictures are frames of the fake camera's clip. */
async function areOfCamera(frames: readonly Uint8Array[]): Promise<boolean[]> {
  const clip = new Set((await framesOf(await movingClip())).map(contentOf));
  return frames.map((frame) => clip.has(contentOf(frame)));
}

for (const [from, to] of [["camera", "test"], ["test", "camera"]] as const) {
  test(`switching from ${from} to ${to} goes from one's pictures to the other's, with none between`, async () => {
    await using stages = await stage(from);
    const { camera, probe } = stages;
    const { switcher } = probe;
    await probe.moreFrames(10, 5_000);
    const [old] = await stages.running();
    await switcher.switchTo(to === "camera" ? camera.device : to);
    await probe.moreFrames(10, 5_000);

    const nameOf = (which: string) => which === "camera" ? "camera" : "test picture";
    assert.equal(switcher.source, to === "camera" ? camera.device : "test");
    assert.deepEqual(probe.states.slice(-2), [
      { live: true, source: nameOf(from), reason: null },
      { live: true, source: nameOf(to), reason: null },
    ]);
    const isCamera = await areOfCamera(probe.frames);
    const change = isCamera.indexOf(to === "camera");
    assert.ok(change >= 10);
    assert.ok(isCamera.slice(change).every((is) => is === (to === "camera")), "never back");
    assert.equal(await isRunning(old), false);
    assert.equal((await stages.running()).length, 1);
    const isCounted = () => probe.stats.frames === probe.frames.length;
    await probe.until("count of the frames that were read", isCounted, 1_000);
  });
}

for (
  const [what, source, reason] of [
    ["file", "no/such/clip.mp4", 'Cannot open file "clip.mp4": it does not exist'],
    ["camera", "/dev/video61", /^Cannot find camera "\/dev\/video61": /],
    ["camera's name", "Nobody's", /^Cannot find camera "Nobody's": /],
  ] as const
) {
  test(`switching to a ${what} that does not exist is refused, and the old source goes on`, async () => {
    await using stages = await stage("camera");
    const { camera, probe } = stages;
    const before = await stages.running();
    const { length } = probe.states;
    await assert.rejects(probe.switcher.switchTo(source), (error) => {
      assert.ok(error instanceof UserError);
      if (typeof reason === "string") assert.equal(error.message, reason);
      else assert.match(error.message, reason);
      return true;
    });
    await probe.moreFrames(10, 5_000);
    assert.equal(probe.states.length, length, JSON.stringify(probe.states));
    assert.equal(probe.switcher.source, camera.device);
    assert.ok((await areOfCamera(probe.frames)).every((is) => is));
    assert.deepEqual(await stages.running(), before);
  });
}

test("a new source that gives nothing is waited for with a standby picture, and left again", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr;
  await using stages = await stage("camera");
  const { camera, probe } = stages;
  const url = `http://127.0.0.1:${port}/stream`;
  const begun = performance.now();
  const away = probe.until("standby", () => !probe.state.live, 5_000);
  const switched = probe.switcher.switchTo(url);
  const waited = await away;
  assert.ok(waited > 2_000, `stood by after ${waited} ms`);
  await switched;
  assert.ok(performance.now() - begun < 6_000);
  assert.deepEqual(probe.state, {
    live: false,
    source: "network camera",
    reason: "waiting",
  });
  assert.deepEqual(probe.switcher.details, {
    source: `http://127.0.0.1:${port}`,
    reason: `Waiting for pictures from "http://127.0.0.1:${port}"`,
  });
  const isCamera = await areOfCamera(probe.frames);
  assert.equal(isCamera.indexOf(false), isCamera.length - 1, "one standby picture, at the end");
  await probe.switcher.switchTo(camera.device);
  await probe.moreFrames(10, 5_000);
  assert.deepEqual(probe.state, { live: true, source: "camera", reason: null });
});

test("a new source that fails is switched to, says why and is tried again", async () => {
  await using stages = await stage("camera");
  const { probe } = stages;
  await probe.switcher.switchTo(REFUSED);
  await probe.until("reason", () => /nothing answers/.test(probe.reason ?? ""), 5_000);
  assert.equal(probe.state.source, "network camera");
  const { restarts } = probe.stats;
  // After 2 s, which begin when the standby picture is drawn.
  const isTried = () => probe.stats.restarts > restarts;
  await until("another attempt", isTried, Boolean, { timeout: 3_500 });
  await probe.switcher.switchTo("test");
  await probe.moreFrames(5, 5_000);
  assert.equal(probe.state.live, true);
});

test("a new source that opens only when the old one is closed is live without a standby picture", async () => {
  const frames = await framesOf(await movingClip());
  let clients = 0;
  let most = 0;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    if (clients > 0) return new Response("Busy", { status: 503 });
    most = Math.max(most, ++clients);
    let timer: ReturnType<typeof setInterval>;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        let next = 0;
        timer = setInterval(() => controller.enqueue(frames[next++ % frames.length]), 33);
      },
      cancel() {
        clearInterval(timer);
        clients--;
      },
    });
    return new Response(body, { headers: { "Content-Type": "video/x-mjpeg" } });
  });
  try {
    const urlOf = (name: string) => `http://127.0.0.1:${server.addr.port}/${name}.mjpeg`;
    await using probe = await new SwitcherProbe({ source: urlOf("one") }).start();
    await probe.until("live", () => probe.state.live, 10_000);
    const from = probe.states.length;
    const before = probe.switcher.source;
    await probe.switcher.switchTo(urlOf("other"));
    const count = probe.frames.length;
    await probe.until("more frames", () => probe.frames.length > count + 10, 5_000);
    // Both are on one host, so the state does not change.
    assert.deepEqual(probe.states.slice(from), []);
    assert.notEqual(probe.switcher.source, before);
    assert.equal(most, 1);
  } finally {
    await server.shutdown();
  }
});

test("switching to the source that is shown changes nothing", async () => {
  await using stages = await stage("camera");
  const before = await stages.running();
  await stages.probe.switcher.switchTo(stages.camera.device);
  await stages.probe.moreFrames(5, 5_000);
  assert.deepEqual(await stages.running(), before);
});

test("of two switches at once the second wins", async () => {
  await using stages = await stage("camera");
  const { probe } = stages;
  await Promise.all([probe.switcher.switchTo("test"), probe.switcher.switchTo(STREET)]);
  assert.equal(probe.switcher.details.source, "street.mp4");
  assert.equal((await stages.running()).length, 1);
});

test("stopping in the middle of a switch leaves no ffmpeg", async () => {
  await using stages = await stage("camera");
  const { switcher } = stages.probe;
  const switched = switcher.switchTo(STREET);
  const refused = assert.rejects(switched, UserError);
  const countStarts = async () => (await stages.camera.pids()).length;
  await until("another ffmpeg", countStarts, (starts) => starts >= 2, { every: 5 });
  await switcher.stop();
  await refused;
  assert.deepEqual(await stages.running(), []);
});

test("sources are the test picture, the cameras, and the files that are or were shown", async () => {
  const device = "/dev/video86";
  await using files = await deviceFiles(device);
  if (files === null) return;
  await using camera = await FakeCamera.create({ clip: await movingClip(), device });
  const probe = new SwitcherProbe({ source: STREET, ffmpeg: camera.ffmpeg });
  await using started = await probe.start();
  const { switcher } = started;
  const street = { source: switcher.source, name: "street.mp4" };
  assert.doesNotMatch(street.source, /street/);
  const fake = { source: device, name: `Fake Webcam (${device})` };
  const shownNow = await switcher.sources();
  assert.deepEqual(shownNow[0], { source: "test", name: "test picture" });
  assert.deepEqual(shownNow.at(-1), street);
  assert.deepEqual(shownNow.find(({ source }) => source === device), fake);
  for (const { source } of [fake, street]) {
    await switcher.switchTo(source);
    assert.equal(switcher.source, source);
    assert.deepEqual(await switcher.sources(), shownNow);
  }
});
