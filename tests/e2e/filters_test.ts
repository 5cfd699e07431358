/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { type Filter, FILTERS } from "../../src/media/rendition.ts";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { CHART } from "./clips.ts";
import { screenshotPath } from "./screenshots.ts";
import { sharedChannel } from "./test_channel.ts";
import { playing, watch, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

type Colour = readonly [red: number, green: number, blue: number];

interface Measured {
  readonly orange: Colour;
  readonly blue: Colour;
  /** Standard deviation of the texture's brightness. */
  readonly texture: number;
  /** How many of the strip's 20,480 pixels are brighter than any on the original chart. */
  readonly bright: number;
}

/** Measures the picture shown by the page. */
function measure(page: Page): Promise<Measured> {
  return page.evaluate((chart) => {
    const picture = document.getElementById("picture") as HTMLCanvasElement;
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    context.drawImage(picture, 0, 0);
    const pixels = ([x, y, width, height]: readonly [number, number, number, number]) => {
      const { data } = context.getImageData(x, y, width, height);
      return Array.from({ length: width * height }, (_, i) => [...data.subarray(i * 4, i * 4 + 3)]);
    };
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const colour = (area: readonly [number, number, number, number]) => {
      const all = pixels(area);
      return [0, 1, 2].map((channel) => mean(all.map((pixel) => pixel[channel])));
    };
    const texture = pixels(chart.texture).map(mean);
    const middle = mean(texture);
    return {
      orange: colour(chart.orange) as unknown as Colour,
      blue: colour(chart.blue) as unknown as Colour,
      texture: Math.sqrt(mean(texture.map((value) => (value - middle) ** 2))),
      bright: pixels(chart.strip).filter((pixel) => mean(pixel) > 134).length,
    };
  }, CHART);
}

const brightness = ([red, green, blue]: Colour) => 0.299 * red + 0.587 * green + 0.114 * blue;

function near(a: Colour, b: Colour, tolerance: number): boolean {
  return a.every((value, channel) => Math.abs(value - b[channel]) <= tolerance);
}

/** For each filter, whether the screen shows the plain chart with it applied. */
const LOOKS: Readonly<Record<Filter, (now: Measured, plain: Measured) => boolean>> = {
  none: (now, plain) => near(now.orange, plain.orange, 3) && near(now.blue, plain.blue, 3),
  grayscale: (now, plain) =>
    [now.orange, now.blue].every(([red, green, blue]) =>
      Math.abs(red - green) < 4 && Math.abs(green - blue) < 4
    ) && Math.abs(brightness(now.orange) - brightness(plain.orange)) < 8,
  sepia: (now) =>
    [now.orange, now.blue].every(([red, green, blue]) => red > green + 5 && green > blue + 5),
  invert: (now, plain) => {
    const inverted = ([red, green, blue]: Colour): Colour => [255 - red, 255 - green, 255 - blue];
    return near(now.orange, inverted(plain.orange), 12) && near(now.blue, inverted(plain.blue), 12);
  },
  brighten: (now, plain) =>
    brightness(now.orange) > brightness(plain.orange) + 10 &&
    brightness(now.blue) > brightness(plain.blue) + 10,
  contrast: (now, plain) => {
    const apart = ({ orange, blue }: Measured) => brightness(orange) - brightness(blue);
    return apart(now) > apart(plain) * 1.1 && brightness(now.blue) < brightness(plain.blue) - 3;
  },
  mirror: (now, plain) => near(now.orange, plain.blue, 6) && near(now.blue, plain.orange, 6),
  pixelate: (now, plain) =>
    now.texture < plain.texture * 0.15 && near(now.orange, plain.orange, 10),
  soft: (now, plain) => now.texture < plain.texture * 0.7 && near(now.orange, plain.orange, 10),
  highlight: (now, plain) => now.bright > 100 && near(now.orange, plain.orange, 6),
};

Deno.test("each filter changes the picture as its name says", async (t) => {
  const { page, complaints } = await watchPlaying(browser, program);
  const plain = await measure(page);
  assert(near(plain.orange, [200, 120, 40], 8), `orange is ${plain.orange}`);
  assert(near(plain.blue, [40, 80, 180], 8), `blue is ${plain.blue}`);
  assert(plain.texture > 60, `the texture varies by ${plain.texture}`);
  assert.equal(plain.bright, 0);

  for (const filter of [...FILTERS.slice(1), FILTERS[0]]) {
    await t.step(filter, async () => {
      await page.locator(`button[value=${filter}]`).click();
      await page.locator(`button[value=${filter}][aria-pressed=true]`).waitFor();
      await until(filter, () => measure(page), (now) => LOOKS[filter](now, plain));
      await page.locator(".screen").screenshot({ path: await screenshotPath(`filter_${filter}`) });
    });
  }
  assert.deepEqual(complaints, []);
});

Deno.test("viewers with different filters do not affect each other", async () => {
  const first = await watch(browser, program);
  const second = await watchPlaying(browser, program);
  await playing(second.page);
  const plain = await measure(first.page);

  await first.page.getByRole("button", { name: "Invert" }).click();
  await second.page.getByRole("button", { name: "Gray" }).click();
  await until("invert", () => measure(first.page), (now) => LOOKS.invert(now, plain));
  await until("grayscale", () => measure(second.page), (now) => LOOKS.grayscale(now, plain));
  assert(LOOKS.invert(await measure(first.page), plain), "the first is still inverted");
});
