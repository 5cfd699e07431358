import assert from "node:assert/strict";
import { cached } from "../support/cache.ts";
import { type Clip, CLIP_HEIGHT, CLIP_WIDTH, movingClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { ffmpeg } from "../support/ffmpeg.ts";
import { type Program, startProgram } from "../support/program.ts";
import { newViewer } from "../support/test_server.ts";
import { fpsOf, qualityOf, type WatchedPart, Watcher } from "../support/watcher.ts";

const STREET = new URL("../support/street.mp4", import.meta.url).pathname;
const RESOLUTION = `--resolution=${CLIP_WIDTH}x${CLIP_HEIGHT}`;

function startWith(camera: FakeCamera, ...args: string[]): Promise<Program> {
  return startProgram([
    `--source=${camera.device}`,
    `--ffmpeg=${camera.ffmpeg}`,
    RESOLUTION,
    ...args,
  ]);
}

async function stateOf(program: Program) {
  return (await (await fetch(`${program.origin}/state`)).json()).result;
}

function sizes(parts: readonly WatchedPart[]): Map<number, number> {
  return new Map(
    parts.map(({ headers, jpeg }) => [Number(headers.get("x-sequence")), jpeg.length]),
  );
}

Deno.test("one viewer's Low is on their running stream at once and changes nobody else's", async () => {
  await using camera = await FakeCamera.create({ clip: await movingClip() });
  await using program = await startWith(camera);
  const get = (path: string) => fetch(program.origin + path);
  const [mine, theirs] = [await newViewer({ get }), await newViewer({ get })];
  assert.notEqual(mine.cookie, theirs.cookie);
  await using one = await Watcher.open(`${program.origin}/stream`, mine);
  await using other = await Watcher.open(`${program.origin}/stream`, theirs);
  await Promise.all([one.next(30, 5_000), other.next(30, 5_000)]);

  const delays: number[] = [];
  for (const [quality, given] of [["low", 20], ["high", 100], ["medium", 50], ["low", 20]]) {
    const response = await fetch(`${program.origin}/settings`, {
      method: "POST",
      headers: { ...mine, "content-type": "application/json" },
      body: JSON.stringify({ quality }),
    });
    const posted = performance.now();
    assert.equal((await response.json()).quality, quality);
    const from = one.parts.length;
    const has = () => one.parts.slice(from).some((part) => qualityOf(part) === given);
    await one.until(`quality ${given}`, has, 2_000);
    delays.push(one.parts.at(-1)!.at - posted);
    const after = await one.next(20, 3_000);
    // One frame that was on its way may still be of the old quality.
    assert.ok(after.slice(2).every((part) => qualityOf(part) === given));
  }
  // The newest frame is given again at once, so that no frame needs to be waited for.
  assert.ok(delays.sort((a, b) => a - b)[1] < 100, `${delays} ms`);

  assert.equal(one.isOver || other.isOver, false);
  assert.ok(other.parts.every((part) => qualityOf(part) === 100));
  // The same frames for both: a Low one is far smaller, the other viewer's are the camera's own.
  const own = sizes(other.parts);
  const low = one.parts.filter((part) => qualityOf(part) === 20);
  const shared = [...sizes(low)].filter(([sequence]) => own.has(sequence));
  assert.ok(shared.length > 20);
  for (const [sequence, size] of shared) assert.ok(size < 0.6 * own.get(sequence)!);
  assert.ok(fpsOf(other.parts) > 24, `${fpsOf(other.parts)} frames a second`);
  assert.ok(fpsOf(low.slice(-20)) > 20, `${fpsOf(low.slice(-20))} frames a second at Low`);
});

/** Five seconds of a picture that stands still, then two of it panning, in a loop. */
async function stillThenPanning(): Promise<Clip> {
  const path = await cached("still-panning.mjpeg", async (path) => {
    const picture = `scale=${2 * CLIP_WIDTH}:${2 * CLIP_HEIGHT}`;
    const pan =
      `crop=${CLIP_WIDTH}:${CLIP_HEIGHT}:x='if(lt(n,150),0,abs(mod((n-150)*32,1280)-640))'`;
    const encoder = ["-c:v", "mjpeg", "-huffman", "default", "-pix_fmt", "yuvj422p", "-q:v", "4"];
    const first = ["-vf", `select='eq(n,0)',${picture},loop=209:1:0,setpts=N/(30*TB),${pan}`];
    await ffmpeg("-i", STREET, ...first, "-r", "30", ...encoder, "-f", "mjpeg", path);
  });
  return { path, format: "mjpeg" };
}

Deno.test("Gaming quality falls by 30 a second while all stands still and rises with motion", async () => {
  await using camera = await FakeCamera.create({ clip: await stillThenPanning() });
  await using program = await startWith(camera);
  await using home = await Watcher.open(`${program.origin}/stream?quality=medium`);
  await using gaming = await Watcher.open(`${program.origin}/stream?mode=gaming&quality=low`);
  const last = () => qualityOf(gaming.parts.at(-1)!);
  await gaming.until("the lowest quality", () => gaming.parts.length > 0 && last() === 10, 9_000);
  const lowestAt = gaming.parts.length;
  await gaming.until("the best quality again", () => last() === 100, 9_000);
  const bestAt = gaming.parts.length;

  const [before, since] = [gaming.parts.slice(0, lowestAt), gaming.parts.slice(lowestAt, bestAt)];
  const at = (parts: WatchedPart[], level: number) => parts.findLast((p) => qualityOf(p) >= level)!;
  // Each level of ten is held for a third of a second.
  const fall = (at(before, 20).at - at(before, 80).at) / 60;
  assert.ok(Math.abs(fall - 1000 / 30) < 7, `${1000 / fall} a second`);
  const atLeast = (level: number) => since.find((part) => qualityOf(part) >= level)!.at;
  const rise = (atLeast(90) - atLeast(20)) / 70;
  // 150 up and 30 down make 120.
  assert.ok(1000 / rise > 80 && 1000 / rise < 170, `${1000 / rise} a second`);
  assert.ok(
    since.filter((p) => qualityOf(p) < 90).every((p, i, all) =>
      i === 0 || qualityOf(p) >= qualityOf(all[i - 1])
    ),
  );
  assert.ok(home.parts.every((part) => qualityOf(part) === 50));
});

Deno.test("viewers share the uplink: 100/N of quality where it is worth one stream", async (t) => {
  await using camera = await FakeCamera.create({ clip: await movingClip() });
  let uplink = 0;
  {
    await using program = await startWith(camera);
    await using viewer = await Watcher.open(`${program.origin}/stream`);
    await viewer.next(75, 6_000);
    uplink = (await stateOf(program)).source.captured_bitrate;
    const received = viewer.parts.slice(-60).reduce((sum, { jpeg }) => sum + 8 * jpeg.length, 0);
    assert.ok(Math.abs(uplink / (received / 2) - 1) < 0.15, `${uplink} of ${received / 2} bit/s`);
  }
  // A little more, so that noise in the measured rate does not take a lone viewer's source away.
  await using program = await startWith(camera, `--uplink=${Math.round(uplink * 1.08)}`);
  await using stack = new AsyncDisposableStack();
  await using first = await Watcher.open(`${program.origin}/stream`);

  /** What everyone is given once the shares are settled. */
  async function given(viewers: readonly Watcher[]): Promise<number[]> {
    await Promise.all(viewers.map((viewer) => viewer.next(15, 5_000)));
    const parts = await Promise.all(viewers.map((viewer) => viewer.next(10, 5_000)));
    return parts.flat().map(qualityOf);
  }
  const open = async () => stack.use(await Watcher.open(`${program.origin}/stream`));
  const near = (quality: number) => (given: number) => Math.abs(given / quality - 1.08) < 0.12;

  await first.next(60, 5_000);
  await t.step("one has it all", async () => {
    assert.deepEqual(new Set(await given([first])), new Set([100]));
  });
  const others = [await open()];
  await t.step("two have half of it each", async () => {
    const qualities = await given([first, ...others]);
    assert.ok(qualities.every(near(50)), `${qualities}`);
  });
  await t.step("four have a quarter of it each", async () => {
    others.push(await open(), await open());
    const qualities = await given([first, ...others]);
    assert.ok(qualities.every(near(25)), `${qualities}`);
  });
  await t.step("who stays has it all again", async () => {
    await stack.disposeAsync();
    assert.deepEqual(new Set(await given([first])), new Set([100]));
    assert.equal((await stateOf(program)).viewers, 1);
  });
});
