import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { testsAtOnce } from "../../support/at_once.ts";
import { Buffer } from "node:buffer";
import { Image } from "imagescript";
import { FrameSplitter } from "../../../src/producers/ffmpeg/splitter.ts";
import { UserError } from "../../../src/errors.ts";
import { insertHuffmanTables } from "../../../src/media/jpeg/dht.ts";
import { SwitcherProbe } from "../../support/switcher_probe.ts";
import {
  type Clip,
  CLIP_HEIGHT,
  CLIP_WIDTH,
  damagedClip,
  framesOf,
  hopelessClip,
  movingClip,
  rawClip,
  tablelessClip,
} from "../../support/clips.ts";
import { deviceFiles } from "../../support/device_files.ts";
import { FakeCamera } from "../../support/fake_camera.ts";
import { isRunning } from "../../support/is_running.ts";

const test = testsAtOnce("switcher", 4);

const STREET = new URL("../../support/street.mp4", import.meta.url).pathname;
/** Refuses every connection at once: nothing listens on the discard port. */
const REFUSED = "http://viewer:secret@127.0.0.1:9/stream?token=hidden";

/** Returns the content in a form that a set can compare. */
function contentOf(jpeg: Uint8Array): string {
  return Buffer.from(jpeg).toString("base64");
}

async function assertAllFrom(clip: Clip, frames: readonly Uint8Array[]): Promise<void> {
  const expected = new Set((await framesOf(clip)).map(insertHuffmanTables).map(contentOf));
  for (const frame of frames) assert.ok(expected.has(contentOf(frame)), "not a frame of the clip");
}

function different(frames: readonly Uint8Array[]): number {
  return new Set(frames.map(contentOf)).size;
}

interface Stage extends AsyncDisposable {
  readonly camera: FakeCamera;
  readonly probe: SwitcherProbe;
}

/** A fake camera and a switcher that shows it. */
async function stage(clip: Clip, refusal?: "EBUSY" | "EACCES"): Promise<Stage> {
  const camera = await FakeCamera.create({ clip, refusal });
  const probe = new SwitcherProbe({ source: camera.device, ffmpeg: camera.ffmpeg });
  await probe.start();
  return {
    camera,
    probe,
    async [Symbol.asyncDispose]() {
      await probe[Symbol.asyncDispose]();
      await camera[Symbol.asyncDispose]();
    },
  };
}

test("switcher shows a test picture that moves", async () => {
  await using probe = await new SwitcherProbe({ source: "test" }).start();
  await probe.moreFrames(20, 5_000);
  assert.deepEqual(probe.state, { live: true, source: "test picture", reason: null });
  assert.equal(different(probe.frames), probe.frames.length);
  const { width, height } = await Image.decode(probe.frames[0]);
  assert.deepEqual([width, height], [640, 480]);
});

test("switcher encodes a video file and plays it in real time", async () => {
  await using probe = await new SwitcherProbe({ source: STREET }).start();
  const before = performance.now();
  await probe.moreFrames(15, 5_000);
  // Ten frames a second; the first may have come in a bunch.
  assert.ok(performance.now() - before > 900);
  assert.deepEqual(probe.state, { live: true, source: "file", reason: null });
  assert.deepEqual(probe.switcher.details, { source: "street.mp4", reason: null });
  const { width, height } = await Image.decode(probe.frames[0]);
  assert.deepEqual([width, height], [640, 480], "fits what was asked for");
});

test("switcher copies an MJPEG file byte by byte, in a loop", async () => {
  const clip = await movingClip();
  await using probe = await new SwitcherProbe({ source: clip.path, fps: 60 }).start();
  await probe.moreFrames(150, 10_000);
  await assertAllFrom(clip, probe.frames);
  assert.equal(different(probe.frames), 60, "every frame of the clip, more than once");
});

test("switcher copies the MJPEG in a container, whatever the container's name says", async () => {
  const clip = await movingClip();
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/clip.avi`;
    await new Deno.Command("ffmpeg", {
      args: ["-nostdin", "-loglevel", "error", "-i", clip.path, "-c", "copy", path],
    }).output();
    await using probe = await new SwitcherProbe({ source: path }).start();
    await probe.moreFrames(10, 5_000);
    await assertAllFrom(clip, probe.frames);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("switcher encodes a file that is no MJPEG, whatever its name says", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.copyFile(STREET, `${folder}/street.jpeg`);
    await using probe = await new SwitcherProbe({ source: `${folder}/street.jpeg` }).start();
    await probe.moreFrames(5, 5_000);
    await Image.decode(probe.frames[0]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("switcher copies a camera's MJPEG byte by byte", async () => {
  const clip = await movingClip();
  await using stages = await stage(clip);
  const { camera, probe } = stages;
  await probe.moreFrames(60, 5_000);
  await assertAllFrom(clip, probe.frames);
  assert.deepEqual(probe.state, { live: true, source: "camera", reason: null });
  assert.deepEqual(probe.switcher.details, { source: camera.device, reason: null });
  const { frames } = probe;
  assert.deepEqual(probe.stats, {
    frames: frames.length,
    damaged: 0,
    oversized: 0,
    superseded: 0,
    restarts: 0,
    failures: 0,
  });
});

test("switcher gives a camera's frames the Huffman tables they lack", async () => {
  const clip = await tablelessClip();
  await using stages = await stage(clip);
  await stages.probe.moreFrames(20, 5_000);
  await assertAllFrom(clip, stages.probe.frames);
  for (const bare of await framesOf(clip)) assert.notEqual(insertHuffmanTables(bare), bare);
  const { width, height } = await Image.decode(stages.probe.frames[0]);
  assert.deepEqual([width, height], [CLIP_WIDTH, CLIP_HEIGHT]);
});

test("switcher encodes what a camera without MJPEG sends", async () => {
  await using stages = await stage(await rawClip());
  await stages.probe.moreFrames(30, 5_000);
  assert.ok(different(stages.probe.frames) > 15);
  const { width, height } = await Image.decode(stages.probe.frames.at(-1)!);
  assert.deepEqual([width, height], [CLIP_WIDTH, CLIP_HEIGHT]);
});

test("switcher passes on none of a camera's damaged frames", async () => {
  const clip = await damagedClip();
  await using stages = await stage(clip);
  await stages.probe.moreFrames(60, 10_000);
  await assertAllFrom(await movingClip(), stages.probe.frames);
  assert.ok(stages.probe.stats.damaged > 10);
  assert.ok(stages.probe.state.live);
});

test("switcher stands by 2 s after unplugging and is live within 3 s of plugging in", async () => {
  const clip = await movingClip();
  await using stages = await stage(clip);
  const { camera, probe } = stages;
  await probe.moreFrames(10, 5_000);
  const unplugged = probe.until("standby", () => !probe.state.live, 2_500);
  await camera.unplug();
  const took = await unplugged;
  assert.ok(took > 1_800, `stood by after ${took} ms`);
  assert.equal(probe.state.reason, "camera-unplugged");
  const { reason } = probe.switcher.details;
  assert.equal(reason, `Camera "${camera.device}" is not connected. Plug it in`);
  await probe.moreFrames(1, 2_000);
  await Image.decode(probe.frames.at(-1)!);
  // Long enough for several failed attempts, which must not show the same card again.
  const count = probe.frames.length;
  await delay(3_000);
  assert.equal(probe.frames.length, count);
  assert.ok(probe.stats.restarts >= 2);
  const live = probe.until("live again", () => probe.state.live, 3_000);
  await camera.plugIn();
  await live;
  await probe.moreFrames(10, 2_000);
  await assertAllFrom(clip, probe.frames.slice(-10));
});

test("switcher keeps the picture when ffmpeg is killed, each time", async () => {
  const clip = await movingClip();
  await using stages = await stage(clip);
  const { camera, probe } = stages;
  for (let times = 1; times <= 2; times++) {
    // Long enough to count as steady.
    await probe.moreFrames(65, 5_000);
    Deno.kill((await camera.pids()).at(-1)!, "SIGKILL");
    await probe.until("failure", () => probe.stats.failures === times, 2_000);
    await probe.moreFrames(10, 2_000);
  }
  assert.deepEqual(probe.states.map(({ live }) => live), [true]);
  await assertAllFrom(clip, probe.frames);
  const lines = probe.log.filter((line) => line.startsWith("Interrupted: "));
  assert.deepEqual([lines.length, probe.resumed], [2, 2]);
});

test("switcher marks cards, and numbers frames and cards in their order", async () => {
  await using stages = await stage(await movingClip());
  const { camera, probe } = stages;
  await probe.moreFrames(10, 5_000);
  await camera.unplug();
  await probe.until("card", () => probe.packets.at(-1)!.isCard, 5_000);
  const { packets } = probe;
  assert.deepEqual(packets.map(({ isCard }) => isCard), [
    ...Array(packets.length - 1).fill(false),
    true,
  ]);
  assert.ok(packets.every(({ sequence }, i) => i === 0 || sequence > packets[i - 1].sequence));
  assert.ok(packets.every(({ at }, i) => i === 0 || at >= packets[i - 1].at));
});

test("switcher says when nothing but damaged pictures come", async () => {
  await using stages = await stage(await hopelessClip());
  const { probe } = stages;
  await probe.until("waiting", () => /^Waiting for/.test(probe.reason ?? ""), 3_000);
  await probe.until("reason", () => /^Only damaged/.test(probe.reason ?? ""), 20_000);
  assert.equal(probe.stats.frames, 0);
});

for (const [refusal, reason] of [["EBUSY", "another program"], ["EACCES", "usermod"]] as const) {
  test(`switcher begins with a standby picture when opening gives ${refusal}`, async () => {
    await using stages = await stage(await movingClip(), refusal);
    const { probe } = stages;
    assert.ok(probe.reason?.includes(reason), `${probe.reason}`);
    assert.equal(probe.frames.length, 1);
    const { width, height } = await Image.decode(probe.frames[0]);
    assert.deepEqual([width, height], [640, 480]);
  });
}

test("switcher begins with a standby picture when a URL is not answered", async () => {
  await using probe = await new SwitcherProbe({ source: REFUSED }).start();
  assert.equal(probe.state.reason, "network-camera-unreachable");
  assert.match(probe.reason!, /nothing answers/);
  assert.equal(probe.frames.length, 1);
  const words = JSON.stringify([probe.states, probe.log]);
  assert.ok(!/secret|hidden/.test(words), `reveals a password: ${words}`);
});

test("switcher shows a stream from a URL, copied, and comes back when it does", async () => {
  const clip = await movingClip();
  const frames = await framesOf(clip);
  const serve = (port: number) =>
    Deno.serve({ port, hostname: "127.0.0.1", onListen() {} }, () => multipart(frames));
  let server = serve(0);
  const { port } = server.addr as Deno.NetAddr;
  const probe = new SwitcherProbe({ source: `http://127.0.0.1:${port}/stream` });
  try {
    await probe.start();
    await probe.until("live", () => probe.state.live, 10_000);
    await probe.moreFrames(20, 5_000);
    await assertAllFrom(clip, probe.frames.slice(-20));
    await server.shutdown();
    await probe.until("standby", () => !probe.state.live, 10_000);
    server = serve(port);
    await probe.until("live again", () => probe.state.live, 15_000);
  } finally {
    await probe[Symbol.asyncDispose]();
    await server.shutdown();
  }
});

test("switcher keeps the picture of a camera that ends its answer and gives another at once", async () => {
  const frames = await framesOf(await movingClip());
  const answer = () => multipart(frames.slice(0, 50), 70);
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
  const probe = new SwitcherProbe({ source: `http://127.0.0.1:${server.addr.port}/stream` });
  await using started = await probe.start();
  await started.until("live", () => probe.state.live, 10_000);
  const { length } = probe.states;
  await started.moreFrames(150, 15_000);
  assert.ok(probe.stats.failures >= 2);
  assert.equal(probe.states.length, length, JSON.stringify(probe.states));
});

/** A stream as network cameras send it, by default of four seconds. */
function multipart(frames: readonly Uint8Array<ArrayBuffer>[], count = 120): Response {
  const encoder = new TextEncoder();
  const parts = async function* () {
    for (let next = 0; next < count; next++) {
      const jpeg = frames[next % frames.length];
      const head = `--f\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
      yield encoder.encode(head);
      yield jpeg;
      yield encoder.encode("\r\n");
      await delay(33);
    }
  };
  return new Response(ReadableStream.from(parts()), {
    headers: { "Content-Type": "multipart/x-mixed-replace;boundary=f" },
  });
}

test("switcher does not begin without the named file, and says so", async () => {
  const probe = new SwitcherProbe({ source: "no/such/clip.mp4" });
  await assert.rejects(
    probe.start(),
    new UserError('Cannot open file "clip.mp4": it does not exist'),
  );
});

test("switcher does not begin without the named camera, and says what there is", async () => {
  for (const source of ["/dev/video61", "No such camera"]) {
    await assert.rejects(
      new SwitcherProbe({ source }).start(),
      (error) =>
        error instanceof UserError &&
        error.message.startsWith(`Cannot find camera "${source}": `) &&
        /there is|no camera is connected/.test(error.message),
    );
  }
});

test("switcher does not begin without ffmpeg, and says how to install it", async () => {
  for (const source of ["test", "auto"]) {
    await assert.rejects(
      new SwitcherProbe({ source, ffmpeg: "/no/such/ffmpeg" }).start(),
      (error) =>
        error instanceof UserError && /^Cannot find ffmpeg: install it/.test(error.message),
    );
  }
});

test("switcher takes the first camera for auto, by its name and number too", async () => {
  // ffmpeg lists only what it finds among the files of /dev.
  const device = "/dev/video87";
  const clip = await movingClip();
  await using files = await deviceFiles(device);
  if (files === null) return;
  await using camera = await FakeCamera.create({ clip, device });
  for (const source of ["auto", "Fake Webcam"]) {
    await using probe = await new SwitcherProbe({ source, ffmpeg: camera.ffmpeg }).start();
    await probe.moreFrames(2, 5_000);
    await assertAllFrom(clip, probe.frames);
    assert.equal(probe.switcher.details.source, `Fake Webcam (${device})`);
    if (source !== "auto") continue;
    const away = probe.until("standby", () => !probe.state.live, 2_500);
    await camera.unplug();
    await away;
    // Past the first attempt, which opens the device as before.
    await delay(1_500);
    const live = probe.until("live again", () => probe.state.live, 3_000);
    await camera.plugIn();
    await live;
  }
});

test("switcher shows the test picture for auto when there is no camera, and says so", async () => {
  const clip = await movingClip();
  await using camera = await FakeCamera.create({ clip, refusal: "EBUSY" });
  await using probe = await new SwitcherProbe({ source: "auto", ffmpeg: camera.ffmpeg }).start();
  await probe.moreFrames(2, 5_000);
  assert.equal(probe.state.source, "test picture");
  assert.ok(probe.log.some((line) => line.startsWith("No camera found")));
});

test("auto goes live when a camera is plugged in, unless the test picture was chosen", async (t) => {
  const device = "/dev/video85";
  const clip = await movingClip();
  await using files = await deviceFiles(device);
  if (files === null) return;
  await using camera = await FakeCamera.create({ clip, device });
  await camera.unplug();
  await using probe = await new SwitcherProbe({ source: "auto", ffmpeg: camera.ffmpeg }).start();
  const { switcher } = probe;
  await probe.until("live", () => probe.state.live, 5_000);
  const { length: before } = probe.states;
  const name = "test picture, until a camera is connected";

  await t.step("the test picture stands in for a camera, and the studio says so", async () => {
    assert.deepEqual(switcher.details, { source: name, reason: null });
    assert.equal(switcher.source, "auto");
    const test = { source: "test", name: "test picture" };
    assert.deepEqual(await switcher.sources(), [test, { source: "auto", name }]);
  });
  await t.step("a camera that another program uses changes nothing", async () => {
    await camera.occupyWhenListed();
    await camera.plugIn();
    const { length } = await camera.pids();
    // Two failed attempts.
    while ((await camera.pids()).length < length + 2) await probe.moreFrames(10, 5_000);
    assert.equal(probe.states.length, before);
  });
  await t.step("a camera that is free is live, with no card between", async () => {
    await camera.release();
    await probe.until("camera", () => probe.state.source === "camera", 8_000);
    assert.deepEqual(probe.states.slice(before), [{
      live: true,
      source: "camera",
      reason: null,
    }]);
    assert.deepEqual(switcher.details, { source: `Fake Webcam (${device})`, reason: null });
    await probe.moreFrames(10, 5_000);
    await assertAllFrom(clip, probe.frames.slice(-10));
  });
  await t.step("that camera is waited for when it is unplugged", async () => {
    await camera.unplug();
    await probe.until("standby", () => !probe.state.live, 4_000);
    assert.equal(probe.state.reason, "camera-unplugged");
    await camera.plugIn();
    await probe.until("live", () => probe.state.live, 5_000);
  });
  await t.step("a test picture that was chosen stays", async () => {
    await switcher.switchTo("test");
    assert.equal(switcher.source, "test");
    const { length } = probe.states;
    await delay(3_000);
    assert.equal(probe.states.length, length);
  });
  await t.step("auto can be chosen again", async () => {
    await switcher.switchTo("auto");
    assert.equal(switcher.source, device);
    await probe.moreFrames(1, 5_000);
  });
});

test("switcher gives no picture after stop, and leaves no ffmpeg", async () => {
  const camera = await FakeCamera.create({ clip: await movingClip() });
  await using _camera = camera;
  const probe = new SwitcherProbe({ source: camera.device, ffmpeg: camera.ffmpeg });
  await probe.start();
  await probe.moreFrames(5, 5_000);
  await probe[Symbol.asyncDispose]();
  const { length } = probe.frames;
  await delay(200);
  assert.equal(probe.frames.length, length);
  for (const pid of await camera.pids()) assert.equal(await isRunning(pid), false);
  assert.ok(new FrameSplitter().push(probe.frames[0]).length === 1);
});
