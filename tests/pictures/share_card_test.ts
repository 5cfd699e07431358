import assert from "node:assert/strict";
import { Image } from "imagescript";
import jsQR from "jsqr";
import { drawShareCard, type ShareCardOptions } from "../../src/pictures/share_card.ts";

const URL = "http://192.168.178.23:8081/";

// The package's types do not fit Deno's view of CommonJS.
const readQrCode = jsQR as unknown as (
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
) => { data: string } | null;

async function draw(options: Partial<ShareCardOptions>): Promise<Image> {
  const png = await drawShareCard({ title: "Friday night", url: URL, ...options });
  assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  const card = await Image.decode(png);
  assert.ok(card instanceof Image);
  return card;
}

function scan({ bitmap, width, height }: Image): string | undefined {
  return readQrCode(new Uint8ClampedArray(bitmap), width, height)?.data;
}

for (
  const url of [
    URL,
    "http://10.0.0.5/",
    "http://[2001:db8::8a2e:370:7334]:8081/",
    `https://${"livestream-".repeat(5)}1.example:8443/`,
  ]
) {
  Deno.test(`the share card's QR code leads to ${url}`, async () => {
    assert.equal(scan(await draw({ url })), url);
  });
}

for (const [width, height] of [[1200, 630], [600, 315], [800, 800], [720, 1280]] as const) {
  Deno.test(`the share card of ${width}x${height} has that size and scans`, async () => {
    const card = await draw({ width, height });
    assert.deepEqual([card.width, card.height], [width, height]);
    assert.equal(scan(card), URL);
  });
}

Deno.test("the share card takes any title", async () => {
  const titles = [
    "",
    "猫のライブ",
    "a".repeat(2_000),
    "two words ".repeat(300),
    "line\nbreak\u0000🎉",
  ];
  // A quarter of the pixels, which take a quarter of the time.
  const size = { width: 600, height: 315 };
  for (const title of titles) assert.equal(scan(await draw({ title, ...size })), URL, title);
});

Deno.test("the share card keeps what is too long off the code's tile and the address", async () => {
  const short = await draw({ title: "i" });
  const long = await draw({ title: "Wm ".repeat(300) });
  const changed = { left: short.width, top: short.height, right: 0, bottom: 0 };
  for (let y = 0; y < short.height; y++) {
    for (let x = 0; x < short.width; x++) {
      const at = 4 * (y * short.width + x) + 1;
      if (short.bitmap[at] === long.bitmap[at]) continue;
      changed.left = Math.min(changed.left, x);
      changed.right = Math.max(changed.right, x);
      changed.top = Math.min(changed.top, y);
      changed.bottom = Math.max(changed.bottom, y);
    }
  }
  assert(changed.left >= 60 && changed.right < 760, JSON.stringify(changed));
  assert(changed.top >= 150 && changed.bottom < 440, JSON.stringify(changed));
});

Deno.test("the share card shows the title that it is given", async () => {
  // The file contains its date, so pixels are compared.
  const { bitmap: one } = await draw({ title: "One" });
  assert.deepEqual((await draw({ title: "One" })).bitmap, one);
  assert.notDeepEqual((await draw({ title: "Two" })).bitmap, one);
});

Deno.test("the share card refuses an address that no QR code can hold", async () => {
  await assert.rejects(
    drawShareCard({ title: "T", url: `http://a/${"b".repeat(3000)}` }),
    RangeError,
  );
});
