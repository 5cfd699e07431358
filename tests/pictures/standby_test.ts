import assert from "node:assert/strict";
import { Image } from "imagescript";
import { standbyPicture } from "../../src/pictures/standby.ts";
import { FrameSplitter } from "../../src/producers/ffmpeg/splitter.ts";

const REASON = 'Cannot open camera "/dev/video0": no permission. To get it, run ' +
  '"sudo usermod -aG video $USER", then log out and in again';

for (const [width, height] of [[1280, 720], [640, 480], [320, 240], [1920, 1080], [720, 1280]]) {
  Deno.test(`the standby picture of ${width}x${height} is a JPEG that a viewer can show`, async () => {
    const jpeg = await standbyPicture({ width, height, title: "My stream", reason: REASON });
    assert.equal(jpeg.buffer.byteLength, jpeg.length, "owns its buffer, to be transferred");
    assert.deepEqual(new FrameSplitter().push(jpeg), [jpeg]);
    const picture = await Image.decode(jpeg);
    assert.ok(picture instanceof Image);
    assert.deepEqual([picture.width, picture.height], [width, height]);
    assert.ok(brightRows(picture) > height / 15, "has lines of text");
  });
}

/** How many rows hold bright pixels. */
function brightRows({ width, height, bitmap }: Image): number {
  let rows = 0;
  for (let y = 0; y < height; y++) {
    const row = bitmap.subarray(4 * y * width, 4 * (y + 1) * width);
    if (row.some((value, at) => at % 4 === 1 && value > 200)) rows++;
  }
  return rows;
}

Deno.test("the standby picture shows the reason that it is given", async () => {
  const draw = (reason: string) => standbyPicture({ width: 640, height: 360, title: "T", reason });
  assert.deepEqual(await draw("One"), await draw("One"));
  assert.notDeepEqual(await draw("One"), await draw("Two"));
});

Deno.test("the standby picture takes any text", async () => {
  const all = [
    "",
    "猫 is not in the font",
    "a".repeat(2_000),
    "line\nbreak\u0000",
    "–“”…ÄÖÜ Привет",
  ];
  for (const reason of all) {
    const jpeg = await standbyPicture({ width: 640, height: 360, title: reason, reason });
    const picture = await Image.decode(jpeg);
    assert.deepEqual([picture.width, picture.height], [640, 360]);
  }
});

Deno.test("drawing the standby picture leaves Deno as it was", async () => {
  const before = Reflect.ownKeys(Deno);
  await Promise.all(
    [1, 2, 3].map((n) => standbyPicture({ width: 320, height: 240, title: "T", reason: `${n}` })),
  );
  assert.deepEqual(Reflect.ownKeys(Deno), before);
});
