import assert from "node:assert/strict";
import { pictureSize } from "../../../../src/media/jpeg/size.ts";
import { mjpegAvi } from "../../../support/avi.ts";
import { HABITS, playFrames } from "../../../support/camera_habits.ts";
import { SwitcherProbe } from "../../../support/switcher_probe.ts";
import { framesOf, movingClip } from "../../../support/clips.ts";
import { FakeCamera } from "../../../support/fake_camera.ts";
import { ffmpeg } from "../../../support/ffmpeg.ts";
import { HttpCamera } from "../../../support/http_camera.ts";
import { join, segment } from "../../../support/jpegs.ts";

/** Rows of one pixel, white and black by turns, of which each field has one colour. */
const STRIPES = "color=black:size=640x480,format=gray,geq=lum='255*(1-mod(Y,2))',format=yuvj422p";

/** The two fields of one frame, whose first one has the white top row. */
async function fields(): Promise<[top: Uint8Array<ArrayBuffer>, bottom: Uint8Array<ArrayBuffer>]> {
  const path = await Deno.makeTempFile({ suffix: ".mjpeg" });
  try {
    const halves = [
      "-vf",
      "setfield=tff,separatefields",
      "-frames:v",
      "2",
      "-c:v",
      "mjpeg",
      "-q:v",
      "2",
    ];
    await ffmpeg("-f", "lavfi", "-i", STRIPES, ...halves, path);
    const [top, bottom] = await framesOf({ path, format: "mjpeg" });
    return [asField(top, 1), asField(bottom, 2)];
  } finally {
    await Deno.remove(path);
  }
}

/** Replaces the JFIF segment, which is right after SOI. */
function asField(jpeg: Uint8Array, polarity: number): Uint8Array<ArrayBuffer> {
  const app0 = [...new TextEncoder().encode("AVI1"), polarity, ...new Uint8Array(9)];
  const rest = jpeg.subarray(4 + (jpeg[4] << 8 | jpeg[5]));
  return join(jpeg.subarray(0, 2), segment(0xe0, app0), rest);
}

/** Mean brightness of the even rows, and of the odd ones. */
async function rowsOf(jpeg: Uint8Array): Promise<[even: number, odd: number]> {
  const path = await Deno.makeTempFile({ suffix: ".jpg" });
  try {
    await Deno.writeFile(path, jpeg);
    const gray = await ffmpeg("-i", path, "-f", "rawvideo", "-pix_fmt", "gray", "-");
    const sums: [number, number] = [0, 0];
    for (let at = 0; at < gray.length; at++) sums[Math.floor(at / 640) % 2] += gray[at];
    return [sums[0] * 2 / gray.length, sums[1] * 2 / gray.length];
  } finally {
    await Deno.remove(path);
  }
}

function assertWhole(probe: SwitcherProbe, what: string): void {
  for (const frame of probe.frames) {
    assert.deepEqual(pictureSize(frame), { width: 640, height: 480 }, what);
  }
}

/** Fails unless the rows of the top field are on top. */
async function assertWoven(probe: SwitcherProbe, what: string): Promise<void> {
  const [even, odd] = await rowsOf(probe.frames.at(-1)!);
  assert.ok(even > 200 && odd < 55, `${what}: ${even} and ${odd}`);
}

/** Captures a source and fails if it shows a field. */
async function watch(source: string, what: string, program = "ffmpeg"): Promise<SwitcherProbe> {
  await using probe = await new SwitcherProbe({ source, ffmpeg: program }).start();
  await probe.until("live", () => probe.state.live, 20_000);
  await probe.moreFrames(5, 10_000);
  assertWhole(probe, what);
  return probe;
}

Deno.test("two fields are woven into one frame, whichever comes first, and no field is shown", async () => {
  const [top, bottom] = await fields();
  const folder = await Deno.makeTempDir();
  try {
    for (const [first, pair] of [["top", [top, bottom]], ["bottom", [bottom, top]]] as const) {
      const buffers = Array.from({ length: 10 }, () => join(...pair));
      const [avi, raw] = [`${folder}/${first}.avi`, `${folder}/${first}.mjpeg`];
      await Deno.writeFile(avi, mjpegAvi(buffers, { width: 640, height: 480, fps: 10 }));
      await Deno.writeFile(raw, join(...buffers));
      await using whole = new HttpCamera(playFrames(buffers, HABITS["is sound"]));
      await using halves = new HttpCamera(playFrames(pair, HABITS["is sound"]));
      const sources = [avi, raw, `http://${whole.host}/`, `http://${halves.host}/`];
      await Promise.all(sources.map(async (source, i) => {
        const what = `${["AVI", "file", "HTTP", "HTTP, a field a part"][i]}, ${first} first`;
        await assertWoven(await watch(source, what), what);
      }));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("no field of a camera is shown", async () => {
  const path = await Deno.makeTempFile({ suffix: ".mjpeg" });
  try {
    await Deno.writeFile(path, join(...await fields()));
    await using camera = await FakeCamera.create({ clip: { path, format: "mjpeg" } });
    await watch(camera.device, "camera", camera.ffmpeg);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("frames that all call themselves top fields are copied", async () => {
  const [frame] = await framesOf(await movingClip());
  const claimed = asField(frame, 1);
  await using camera = new HttpCamera(playFrames([claimed], HABITS["is sound"]));
  await using probe = await new SwitcherProbe({ source: `http://${camera.host}/` }).start();
  await probe.until("live", () => probe.state.live, 10_000);
  assert.deepEqual(probe.frames.at(-1), claimed);
  assert.equal(probe.stats.restarts, 0);
});
