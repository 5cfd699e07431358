import assert from "node:assert/strict";
import { Image } from "imagescript";
import { offAirPicture } from "../../src/pictures/off_air.ts";
import { FrameSplitter } from "../../src/producers/ffmpeg/splitter.ts";
import { standbyPicture } from "../../src/pictures/standby.ts";

for (const [width, height] of [[1280, 720], [640, 480], [320, 240], [720, 1280]]) {
  Deno.test(`the off-air picture of ${width}x${height} is a JPEG that a viewer can show`, async () => {
    const jpeg = await offAirPicture({ width, height, title: "My stream" });
    assert.equal(jpeg.buffer.byteLength, jpeg.length, "owns its buffer, to be transferred");
    assert.deepEqual(new FrameSplitter().push(jpeg), [jpeg]);
    const picture = await Image.decode(jpeg);
    assert.ok(picture instanceof Image);
    assert.deepEqual([picture.width, picture.height], [width, height]);
  });
}

const SIZE = { width: 640, height: 360 };

/** Brightness (the green, which is most of it), without the stripe at the bottom where the footing is. */
async function words(jpeg: Uint8Array): Promise<Uint8Array> {
  const { width, height, bitmap } = await Image.decode(jpeg) as Image;
  const pixels = width * Math.round(height * 0.8);
  return Uint8Array.from({ length: pixels }, (_, i) => bitmap[4 * i + 1]);
}

/** How many pixels are as bright as letters. */
function bright(luma: Uint8Array): number {
  return luma.filter((value) => value > 200).length;
}

Deno.test("the off-air picture shows the title, more of it the longer it is", async () => {
  const lit = async (title: string) => bright(await words(await offAirPicture({ ...SIZE, title })));
  assert.equal(await lit("Owls"), await lit("Owls"));
  assert.ok(await lit("Owls") > 500);
  assert.ok(await lit("Owls and other birds of the night") > 1.3 * await lit("Owls"));
});

Deno.test("the off-air picture does not look like the one for a camera that is away", async () => {
  const off = await offAirPicture({ ...SIZE, title: "Owls" });
  const standby = await standbyPicture({ ...SIZE, title: "Owls", reason: "Owls will be back" });
  const [one, other] = [await words(off), await words(standby)];
  const different = one.filter((value, i) => Math.abs(value - other[i]) > 10).length;
  assert.ok(different > 0.02 * one.length, `${different} pixels differ`);
});

Deno.test("the off-air picture takes any title, and replaces one that the font cannot draw", async () => {
  for (const title of ["", "a".repeat(2_000), "line\nbreak\u0000", "“Привет”"]) {
    const picture = await Image.decode(await offAirPicture({ ...SIZE, title })) as Image;
    assert.deepEqual([picture.width, picture.height], [640, 360]);
  }
  const named = await offAirPicture({ ...SIZE, title: "The stream" });
  assert.deepEqual(await offAirPicture({ ...SIZE, title: "猫" }), named);
});
