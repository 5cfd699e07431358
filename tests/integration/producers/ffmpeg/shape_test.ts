import assert from "node:assert/strict";
import { SwitcherProbe } from "../../../support/switcher_probe.ts";
import { ffmpeg } from "../../../support/ffmpeg.ts";
import { HttpCamera } from "../../../support/http_camera.ts";
import { framesOf } from "../../../support/clips.ts";
import { HABITS, playFrames } from "../../../support/camera_habits.ts";
import { type Box, brightBox, turn } from "../../../support/shapes.ts";

/** A bright box on black, square where pixels are of the shape 64:45, as in PAL widescreen. */
const BOX = "color=black:size=720x576:rate=10,drawbox=x=90:y=128:w=180:h=256:color=white:t=fill";
const MJPEG = ["-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p"];
const H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];

interface Case {
  readonly name: string;
  readonly encoder: readonly string[];
  /** Of a pixel. */
  readonly aspect: string;
  readonly isTurned?: boolean;
  readonly size: { readonly width: number; readonly height: number };
  readonly picture: readonly [width: number, height: number];
  /** Left, top, width and height. */
  readonly box: readonly number[];
}

const LARGE = { width: 1280, height: 1080 };
const SQUARE = [128, 128, 256, 256] as const;

const CASES: readonly Case[] = [
  ...([["wide.mp4", H264], ["wide.avi", MJPEG], ["wide.mkv", MJPEG], [
    "wide.mjpeg",
    MJPEG,
  ]] as const)
    .map(([name, encoder]): Case => ({
      ...{ name, encoder, aspect: "64/45", size: LARGE, picture: [1024, 576], box: SQUARE },
    })),
  {
    ...{ name: "shrunk.mp4", encoder: H264, aspect: "64/45" },
    ...{ size: { width: 640, height: 480 }, picture: [640, 360], box: [80, 80, 160, 160] },
  },
  {
    ...{ name: "tall.mp4", encoder: H264, aspect: "8/9", size: LARGE },
    ...{ picture: [720, 648], box: [90, 144, 180, 288] },
  },
  {
    ...{ name: "nonsense.avi", encoder: MJPEG, aspect: "1/2", size: LARGE },
    ...{ picture: [720, 576], box: [90, 128, 180, 256] },
  },
  // A quarter turn clockwise puts what was at the bottom to the left.
  ...([["phone.mp4", H264], ["phone.mov", MJPEG]] as const).map(([name, encoder]): Case => ({
    ...{ name, encoder, aspect: "1", isTurned: true, size: LARGE, picture: [576, 720] },
    box: [192, 90, 256, 180],
  })),
  {
    ...{ name: "both.mov", encoder: MJPEG, aspect: "64/45", isTurned: true, size: LARGE },
    ...{ picture: [576, 1024], box: [192, 128, 256, 256] },
  },
];

function assertNear(box: Box, expected: readonly number[], what: string): void {
  const found = [box.left, box.top, box.width, box.height];
  found.forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]) <= 3, `${what}: ${found} instead of ${expected}`)
  );
}

Deno.test("a file is shown in the shape and turned as it says", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Promise.all(CASES.map(async (each) => {
      const path = `${folder}/${each.name}`;
      const input = ["-f", "lavfi", "-i", `${BOX},setsar=${each.aspect}`, "-t", "1"];
      await ffmpeg(...input, ...each.encoder, path);
      if (each.isTurned) {
        const file = await Deno.readFile(path);
        turn(file);
        await Deno.writeFile(path, file);
      }
      await using probe = await new SwitcherProbe({ source: path, ...each.size }).start();
      await probe.until("live", () => probe.state.live, 20_000);
      const { picture, box } = await brightBox(probe.frames.at(-1)!);
      assert.deepEqual([picture.width, picture.height], each.picture, each.name);
      assertNear(box, each.box, each.name);
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the pixels of an HTTP camera are square, whatever density its JPEGs name", async () => {
  const path = await Deno.makeTempFile({ suffix: ".mjpeg" });
  try {
    await ffmpeg("-f", "lavfi", "-i", `${BOX},setsar=64/45`, "-frames:v", "1", ...MJPEG, path);
    const frames = await framesOf({ path, format: "mjpeg" });
    await using camera = new HttpCamera(playFrames(frames, HABITS["is sound"]));
    await using probe = await new SwitcherProbe({ source: `http://${camera.host}/` }).start();
    await probe.until("live", () => probe.state.live, 10_000);
    assert.deepEqual(probe.frames.at(-1), frames[0], "copied");
  } finally {
    await Deno.remove(path);
  }
});
