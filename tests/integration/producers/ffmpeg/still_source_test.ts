import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { testsAtOnce } from "../../../support/at_once.ts";
import { Buffer } from "node:buffer";
import { Image } from "imagescript";
import { until } from "../../../support/until.ts";
import { SwitcherProbe } from "../../../support/switcher_probe.ts";
import { framesOf, movingClip } from "../../../support/clips.ts";
import { ffmpeg } from "../../../support/ffmpeg.ts";
import {
  type Answer,
  HttpCamera,
  MULTIPART_HEAD,
  PART_HEAD,
} from "../../../support/http_camera.ts";
import { join } from "../../../support/jpegs.ts";

/** For tests that mostly wait; a rate, or the decoding of large pictures, needs the machine. */
const test = testsAtOnce("still sources", 2);

const FRAMES = await framesOf(await movingClip());

/** Which of the clip's frames these are; -1 for none. */
function indexesOf(frames: readonly Uint8Array[]): number[] {
  return frames.map((frame) => FRAMES.findIndex((each) => Buffer.compare(each, frame) === 0));
}

/** The clip's first frame in a file of this name, as ffmpeg makes it by the options. */
async function ffmpegOutput(name: string, ...args: readonly string[]): Promise<Uint8Array> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/${name}`;
    await ffmpeg("-i", (await movingClip()).path, "-frames:v", "1", ...args, path);
    return await Deno.readFile(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function jpegOf(filters: string, ...args: readonly string[]): Promise<Uint8Array> {
  return ffmpegOutput("picture.jpg", "-vf", filters, ...args);
}

async function sizeOf(jpeg: Uint8Array): Promise<[number, number]> {
  const { width, height } = await Image.decode(jpeg);
  return [width, height];
}

/** A camera that has nothing but snapshots, each under an entity tag. */
class SnapshotCamera {
  /** Which frame it shows now; null while it is out of order. */
  shown: number | null = 0;
  isTagged = true;
  readonly statuses: number[] = [];

  readonly answer: Answer = async ({ headers }, send) => {
    const tag = `"${this.shown}"`;
    const status = this.shown === null ? 503 : headers.get("if-none-match") === tag ? 304 : 200;
    this.statuses.push(status);
    if (this.shown === null || status === 304) {
      return await send(`HTTP/1.1 ${status} As Said\r\n\r\n`);
    }
    const frame = FRAMES[this.shown];
    const etag = this.isTagged ? `ETag: ${tag}\r\n` : "";
    const length = `Content-Length: ${frame.length}`;
    await send(`HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n${etag}${length}\r\n\r\n`);
    await send(frame);
  };
}

test("a snapshot address is polled, asked only for what changed, and may fail now and then", async (t) => {
  const snapshots = new SnapshotCamera();
  await using camera = new HttpCamera(snapshots.answer);
  await using probe = new SwitcherProbe({ source: `http://${camera.host}/snap.jpg` });
  await probe.start();

  await t.step("it is live with its first picture, and no card before", async () => {
    await probe.until("live", () => probe.state.live, 5_000);
    assert.deepEqual(new Set(indexesOf(probe.frames)), new Set([0]));
  });

  await t.step("a picture that does not change is not sent again", async () => {
    // It was read to see what it is, and then for the first time as a picture.
    await until("two requests", () => snapshots.statuses.length >= 2, Boolean, { every: 20 });
    const { length } = snapshots.statuses;
    await delay(2_500);
    const { length: frames } = probe.frames;
    assert.ok(frames <= 2, `${frames} frames`);
    const statuses = snapshots.statuses.slice(length);
    assert.ok(statuses.length >= 1 && statuses.every((status) => status === 304), `${statuses}`);
  });

  await t.step("pictures that change come twice a second", async () => {
    const changing = setInterval(() => snapshots.shown = (snapshots.shown! + 1) % 60, 50);
    await probe.moreFrames(1, 5_000);
    const begun = performance.now();
    await probe.moreFrames(4, 10_000);
    clearInterval(changing);
    const took = performance.now() - begun;
    assert.ok(took > 1_800, `four pictures in ${took} ms`);
    assert.ok(indexesOf(probe.frames).every((index) => index >= 0));
  });

  await t.step("an answer that fails keeps the picture", async () => {
    const shown = snapshots.shown;
    snapshots.shown = null;
    await until("a failure", () => snapshots.statuses.at(-1) === 503, Boolean, { every: 20 });
    snapshots.shown = (shown! + 1) % 60;
    await probe.moreFrames(1, 3_000);
    assert.deepEqual(probe.states.map(({ live }) => live), [true]);
    assert.equal(probe.stats.failures, 0);
  });

  await t.step("answers that fail for 2 s are a card, and the picture comes back", async () => {
    snapshots.shown = null;
    const took = await probe.until("card", () => !probe.state.live, 8_000);
    assert.ok(took > 1_900, `a card after ${took} ms`);
    snapshots.shown = 7;
    await probe.until("live", () => probe.state.live, 8_000);
    assert.deepEqual(indexesOf(probe.frames.slice(-1)), [7]);
  });
});

/** Answers with these bytes and ends. */
function onlyAnswer(bytes: Uint8Array): Answer {
  return async (_, send) => {
    await send(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`);
    await send(bytes);
  };
}

Deno.test("a large snapshot with a preview behind it, or without EOI, is one picture, copied", async () => {
  const large = await jpegOf("scale=4000:3000,noise=alls=60", "-q:v", "1");
  // More than ffmpeg reads of its own accord before it says what it is.
  assert.ok(large.length > 5_000_000, `${large.length} bytes`);
  for (const sent of [join(large, await jpegOf("scale=160:120")), large.subarray(0, -2)]) {
    await using camera = new HttpCamera(onlyAnswer(sent));
    await using probe = new SwitcherProbe({ source: `http://${camera.host}/snap.jpg` });
    await probe.start();
    await probe.until("live", () => probe.state.live, 10_000);
    await until("four requests", () => camera.requests.length >= 4);
    for (const frame of probe.frames) assert.equal(Buffer.compare(frame, large), 0);
    assert.equal(probe.stats.failures, 0);
  }
});

Deno.test("a snapshot that is no JPEG, or too large to be copied, is encoded", async () => {
  const huge = await jpegOf("scale=8000:6000", "-q:v", "20");
  const png = await ffmpegOutput("picture.png", "-s", "640x480");
  for (const sent of [huge, png]) {
    await using camera = new HttpCamera(onlyAnswer(sent));
    await using probe = new SwitcherProbe({ source: `http://${camera.host}/snap` });
    await probe.start();
    await probe.until("live", () => probe.state.live, 15_000);
    await until("five requests", () => camera.requests.length >= 5, Boolean, { timeout: 20_000 });
    assert.deepEqual(await sizeOf(probe.frames.at(-1)!), [640, 480]);
    assert.deepEqual(probe.states.filter(({ reason }) => reason?.startsWith("Cannot")), []);
  }
});

test("a snapshot that is the only part of its answer is polled", async () => {
  let shown = 0;
  await using camera = new HttpCamera(async (_, send) => {
    await send(MULTIPART_HEAD + PART_HEAD);
    await send(FRAMES[shown++ % FRAMES.length]);
    await send("\r\n--frame--\r\n");
  });
  await using probe = await new SwitcherProbe({ source: `http://${camera.host}/` }).start();
  await probe.moreFrames(6, 10_000);
  const [first, ...others] = indexesOf(probe.frames.slice(-3));
  assert.deepEqual(others, [first + 1, first + 2]);
  assert.deepEqual(probe.states.map(({ live }) => live), [true]);
  assert.equal(probe.stats.failures, 0);
});

Deno.test("a snapshot address is polled at the rate that was asked for", async () => {
  const snapshots = new SnapshotCamera();
  snapshots.isTagged = false;
  await using camera = new HttpCamera(snapshots.answer);
  const source = `http://${camera.host}/snap.jpg`;
  await using probe = new SwitcherProbe({ source, fps: 5, isFpsGiven: true });
  await probe.start();
  await probe.until("live", () => probe.state.live, 5_000);
  const { length } = camera.requests;
  await delay(1_500);
  assert.ok(camera.requests.length - length >= 4, `${camera.requests.length - length} in 1.5 s`);
});

test("a still file is a steady picture, which changes when the file does", async (t) => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/snap.jpg`;
  try {
    await Deno.writeFile(path, FRAMES[0]);
    await using probe = await new SwitcherProbe({ source: path, isFpsGiven: true }).start();
    await t.step("it is shown without an end", async () => {
      await probe.until("live", () => probe.state.live, 5_000);
      await delay(2_500);
      assert.deepEqual(probe.states, [{ live: true, source: "file", reason: null }]);
      const indexes = indexesOf(probe.frames);
      assert.ok(indexes.length <= 2 && indexes.every((index) => index === 0), `${indexes}`);
    });
    await t.step("another one is shown when it is whole", async () => {
      await Deno.writeFile(path, FRAMES[1]);
      await probe.until("change", () => indexesOf(probe.frames).at(-1) === 1, 4_000);
      await Deno.writeFile(path, FRAMES[2].subarray(0, FRAMES[2].length >> 1));
      // Two polls.
      await delay(1_100);
      await Deno.writeFile(path, FRAMES[2]);
      await probe.until("change", () => indexesOf(probe.frames).at(-1) === 2, 4_000);
      assert.deepEqual([...new Set(indexesOf(probe.frames))], [0, 1, 2]);
      assert.equal(probe.states.length, 1);
    });
    await t.step("one that is removed is a card that says so", async () => {
      await Deno.remove(path);
      await probe.until("card", () => !probe.state.live, 8_000);
      assert.equal(probe.state.reason, "file-missing");
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (
  const [what, name, args, size] of [
    ["PNG", "still.png", [], [640, 480]],
    ["WebP", "still.webp", [], [640, 480]],
    ["JPEG without an ending", "snapshot", ["-c:v", "mjpeg", "-f", "image2"], [640, 480]],
    ["JPEG of more than 8K", "huge.jpg", ["-s", "8000x6000", "-q:v", "20"], [640, 480]],
  ] as const
) {
  Deno.test(`a still ${what} is shown`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const clip = ["-i", (await movingClip()).path, "-frames:v", "1", "-s", "640x480"];
      await ffmpeg(...clip, ...args, `${folder}/${name}`);
      await using probe = await new SwitcherProbe({ source: `${folder}/${name}` }).start();
      await probe.until("live", () => probe.state.live, 10_000);
      assert.deepEqual(await sizeOf(probe.frames.at(-1)!), size);
      assert.equal(probe.stats.failures, 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
