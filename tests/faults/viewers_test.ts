import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { type Clip, CLIP_HEIGHT, CLIP_WIDTH, movingClip, streetClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { type Program, startProgram } from "../support/program.ts";
import { newCookie, postJson, stateOf } from "../support/requests.ts";
import { fpsOf, qualityOf, StreamClient, type StreamPart } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

const RESOLUTION = `--resolution=${CLIP_WIDTH}x${CLIP_HEIGHT}`;

function startWith(camera: FakeCamera, ...args: string[]): Promise<Program> {
  return startProgram([
    ...camera.options,
    RESOLUTION,
    ...args,
  ]);
}

/** Whether most parts have a quality. A busy machine reads late, as if over a slow link. */
function mostly(quality: number, parts: readonly StreamPart[]): boolean {
  return parts.filter((part) => qualityOf(part) === quality).length > 0.7 * parts.length;
}

function sizes(parts: readonly StreamPart[]): Map<number, number> {
  return new Map(
    parts.map(({ sequence, jpeg }) => [sequence, jpeg.length]),
  );
}

Deno.test("one viewer's Low applies to their running stream at once and to no other", async () => {
  await using camera = await FakeCamera.create({ clip: await movingClip() });
  await using program = await startWith(camera);
  const [mine, theirs] = [newCookie(), newCookie()];
  await using one = await StreamClient.open(`${program.origin}/stream`, { headers: mine });
  await using other = await StreamClient.open(`${program.origin}/stream`, { headers: theirs });
  await Promise.all([one.next(30, 5_000), other.next(30, 5_000)]);

  const delays: number[] = [];
  for (
    const [quality, given] of [["low", 20], ["high", 100], ["medium", 50], ["low", 20]] as const
  ) {
    const { body } = await postJson(program, "/settings", { quality }, mine);
    const posted = performance.now();
    assert.equal(body.quality, quality);
    const from = one.parts.length;
    const has = () => one.parts.slice(from).some((part) => qualityOf(part) === given);
    await one.until(`quality ${given}`, has, 2_000);
    delays.push(one.parts.at(-1)!.at - posted);
    const after = await one.next(20, 3_000);
    // One frame under way may still have the old quality.
    assert.ok(mostly(given, after.slice(2)), `${after.map(qualityOf)}, not ${given}`);
  }
  // The newest frame is sent again at once, so the change does not wait for another.
  assert.ok(delays.sort((a, b) => a - b)[1] < 100, `${delays} ms`);

  assert.equal(one.isOver || other.isOver, false);
  assert.ok(mostly(100, other.parts), `${other.parts.map(qualityOf)}`);
  // Of the same frames, Low's are far smaller and the other viewer's are the camera's own.
  const own = sizes(other.parts);
  const low = one.parts.filter((part) => qualityOf(part) === 20);
  const shared = [...sizes(low)].filter(([sequence]) => own.has(sequence));
  assert.ok(shared.length > 20);
  for (const [sequence, size] of shared) assert.ok(size < 0.6 * own.get(sequence)!);
  // Of 30, because the machine may be busy.
  assert.ok(fpsOf(other.parts) > 16, `${fpsOf(other.parts)} frames a second`);
  assert.ok(fpsOf(low.slice(-20)) > 14, `${fpsOf(low.slice(-20))} frames a second at Low`);
});

/** A looped clip with five still seconds, then two seconds of panning. */
function stillThenPanning(): Promise<Clip> {
  const picture = `scale=${2 * CLIP_WIDTH}:${2 * CLIP_HEIGHT}`;
  const pan = `crop=${CLIP_WIDTH}:${CLIP_HEIGHT}:x='if(lt(n,150),0,abs(mod((n-150)*32,1280)-640))'`;
  const filter = `select='eq(n,0)',${picture},loop=209:1:0,setpts=N/(30*TB),${pan}`;
  return streetClip("still-panning", ["-vf", filter, "-r", "30"]);
}

Deno.test("Gaming quality falls by 30 a second without motion and rises with motion", async () => {
  await using camera = await FakeCamera.create({ clip: await stillThenPanning() });
  await using program = await startWith(camera);
  await using home = await StreamClient.open(`${program.origin}/stream?quality=medium`);
  await using gaming = await StreamClient.open(`${program.origin}/stream?mode=gaming&quality=low`);
  const last = () => qualityOf(gaming.parts.at(-1)!);
  await gaming.until("the lowest quality", () => gaming.parts.length > 0 && last() === 10, 9_000);
  const lowestAt = gaming.parts.length;
  await gaming.until("the best quality again", () => last() === 100, 9_000);
  const bestAt = gaming.parts.length;

  const [before, since] = [gaming.parts.slice(0, lowestAt), gaming.parts.slice(lowestAt, bestAt)];
  const at = (parts: StreamPart[], level: number) => parts.findLast((p) => qualityOf(p) >= level)!;
  // Each step of ten lasts a third of a second.
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

/** A clip of people walking, about 20 Mbit/s at 30 frames a second. */
async function largeClip(): Promise<string> {
  const args = ["-vf", `scale=${CLIP_WIDTH}:${CLIP_HEIGHT}`, "-frames:v", "150"];
  return (await streetClip("large", args, 2)).path;
}

/** Returns the bit rate of parts including headers and boundaries. Bits a second. */
function bitsOf(parts: readonly StreamPart[], seconds: number): number {
  return parts.reduce((sum, { jpeg }) => sum + jpeg.length + 150, 0) * 8 / seconds;
}

/** Waits, then returns the parts that each viewer received meanwhile. */
async function receivedIn(
  viewers: readonly StreamClient[],
  seconds: number,
): Promise<StreamPart[][]> {
  const from = viewers.map((viewer) => viewer.parts.length);
  await delay(seconds * 1000);
  return viewers.map((viewer, i) => viewer.parts.slice(from[i]));
}

/** Waits until `/state` has these reasons. A busy machine looks like a slow link for a while. */
async function untilWhy(program: Program, expected: readonly string[]): Promise<void> {
  const reasonsOf = async () => {
    const { stream } = await stateOf(program);
    return Object.values<{ why: string }>(stream.clients_stat).map(({ why }) => why);
  };
  const areExpected = (reasons: readonly string[]) => `${reasons}` === `${expected}`;
  await until(`the reasons ${expected}`, reasonsOf, areExpected, { timeout: 20_000 });
}

Deno.test("any number of viewers share the uplink", async (t) => {
  const uplink = 8_000_000, SECONDS = 3;
  const source = await largeClip();
  await using program = await startProgram([`--source=${source}`, `--uplink=${uplink / 1e6}mbit`]);
  await using stack = new AsyncDisposableStack();
  const viewers: StreamClient[] = [];
  for (const count of [1, 2, 4]) {
    await t.step(`${count} of them`, async () => {
      while (viewers.length < count) {
        viewers.push(stack.use(await StreamClient.open(`${program.origin}/stream`)));
      }
      await receivedIn(viewers, 2);
      const received = await receivedIn(viewers, SECONDS);
      const { source } = await stateOf(program);
      const rates = received.map((parts) => bitsOf(parts, SECONDS));
      const sum = rates.reduce((a, b) => a + b);
      assert.ok(source.captured_bitrate > 1.5 * uplink, `${source.captured_bitrate} bit/s`);
      assert.ok(sum <= 1.1 * uplink, `${sum} bit/s`);
      // Frames that a busy machine did not deliver are not due to the share.
      const done = Math.min(...received.map(({ length }) => length)) / SECONDS /
        source.captured_fps;
      assert.ok(sum >= 0.6 * Math.min(1, done) * uplink, `${sum} bit/s, ${done} of the frames`);
      assert.ok(Math.min(...rates) >= 0.8 * Math.max(...rates), `${rates} bit/s`);
      await untilWhy(program, Array(count).fill("uplink"));
    });
  }
});

Deno.test("max_kbps limits its own stream and no other", async () => {
  await using program = await startProgram([`--source=${await largeClip()}`]);
  await using limited = await StreamClient.open(`${program.origin}/stream?max_kbps=1000`);
  await using other = await StreamClient.open(`${program.origin}/stream`);
  await receivedIn([limited, other], 2);
  // A busy machine may lower the other stream for a while, limited viewer or not.
  let isFull = false;
  for (let tries = 0; tries < 5 && !isFull; tries++) {
    const [few, all] = await receivedIn([limited, other], 4);
    const bits = bitsOf(few, 4);
    assert.ok(bits <= 1_080_000 && bits >= 400_000, `${bits} bit/s`);
    assert.ok(few.length >= 4, `${few.length} parts`);
    isFull = mostly(100, all);
  }
  assert.ok(isFull, `${other.parts.map(qualityOf)}`);
  await untilWhy(program, ["chosen", "chosen"]);
});
