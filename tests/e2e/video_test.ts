/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { BrowserContextOptions, Page } from "playwright-core";
import { type Filter, FILTERS } from "../../src/media/rendition.ts";
import { until } from "../support/until.ts";
import { startVideoStage, type VideoStage } from "../support/video_stage.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { CHART, chartClip } from "./clips.ts";
import { screenshotPath } from "./screenshots.ts";
import { playing } from "./watch_page.ts";

const browser = sharedChromium(["--host-resolver-rules=MAP lan.test 127.0.0.1"]);

/** The kinds of context, and how each plays H.264. */
const CONTEXTS = [
  { host: "127.0.0.1", path: "webcodecs", codec: "H.264 by WebCodecs" },
  { host: "lan.test", path: "mediasource", codec: "H.264 by MediaSource" },
] as const;

type Host = (typeof CONTEXTS)[number]["host"];

/** A message by which the page acknowledges frames. */
interface Painted {
  readonly type: string;
  readonly stream: string;
  readonly sequence: number;
  readonly arrived?: { readonly sequence: number };
  /** The newest frame of the stage when it came. */
  readonly newest: number;
}

async function startStage(): Promise<VideoStage> {
  return await startVideoStage({ clip: await chartClip(), fps: 20 });
}

/** Opens the stage's watch page and waits until it plays H.264. */
async function watchStage(stage: VideoStage, host: Host, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, options);
  const painted: Painted[] = [];
  opened.page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      const message = JSON.parse(String(payload));
      if (message.type === "painted") painted.push({ ...message, newest: stage.sequence });
    }));
  await opened.page.goto(`http://${host}:${stage.port}/`, { waitUntil: "commit" });
  await playing(opened.page);
  return { ...opened, painted };
}

/** Waits until the page has painted a frame that came as H.264 after this one. */
async function paintedAfter(stage: VideoStage, painted: readonly Painted[], sequence: number) {
  const isVideo = (wanted: number) =>
    stage.streams.at(-1)!.sent.some(({ sequence, codec }) =>
      sequence === wanted && codec === "h264"
    );
  await until(
    "H.264 on the screen",
    () => painted.findLast((message) => message.sequence > sequence && isVideo(message.sequence)),
    (message) => message !== undefined,
  );
}

type Colour = readonly [red: number, green: number, blue: number];

/** Returns the mean colour of regions of a PNG or JPEG of the chart, and how its texture varies. */
async function measure(page: Page, image: Uint8Array) {
  const base64 = btoa(Array.from(image, (byte) => String.fromCharCode(byte)).join(""));
  return await page.evaluate(async ([base64, chart]) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(320, 240);
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    context.drawImage(bitmap, 0, 0, 320, 240);
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
  }, [base64, CHART] as const);
}

type Measured = Awaited<ReturnType<typeof measure>>;

/** Takes a picture of the screen without what lies over it, at the size of the clip. */
async function look(page: Page): Promise<Measured> {
  return await measure(page, await page.locator("#screen").screenshot());
}

/** The colours of the chart's orange and blue with each filter, as src/media/jpeg/filters.ts defines them. */
const COLOURS: Readonly<Partial<Record<Filter, readonly [orange: Colour, blue: Colour]>>> = {
  none: [[200, 120, 40], [40, 80, 180]],
  grayscale: [[135, 135, 135], [79, 79, 79]],
  sepia: [[154, 134, 89], [99, 78, 33]],
  invert: [[55, 135, 215], [215, 175, 75]],
  brighten: [[240, 160, 80], [80, 120, 220]],
  contrast: [[225, 117, 9], [9, 63, 198]],
  mirror: [[40, 80, 180], [200, 120, 40]],
  soft: [[200, 120, 40], [40, 80, 180]],
  pixelate: [[200, 120, 40], [40, 80, 180]],
  highlight: [[200, 120, 40], [40, 80, 180]],
};

function near(a: Colour, b: Colour): boolean {
  return a.every((value, channel) => Math.abs(value - b[channel]) <= 8);
}

function isFiltered(now: Measured, filter: Filter, plain: Measured): boolean {
  const [orange, blue] = COLOURS[filter]!;
  const { texture } = now;
  return near(now.orange, orange) && near(now.blue, blue) &&
    (filter !== "pixelate" || texture < plain.texture * 0.15) &&
    (filter !== "soft" || texture < plain.texture * 0.5) &&
    (filter === "highlight") === (now.bright > 100 && filter === "highlight");
}

/** Hides what lies over the picture, so that pictures of it show nothing else. */
async function bare(page: Page): Promise<void> {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`#screen { position: fixed !important; inset: 0 auto auto 0; z-index: 99 }
      #screen, #screen .picture { width: 320px !important; height: 240px !important; max-height: none }
      #screen > :not(.picture, .video) { display: none !important }`);
    document.adoptedStyleSheets.push(sheet);
  });
}

for (const { host, codec } of CONTEXTS) {
  Deno.test(`${codec}: the page paints the newest frame, and JPEGs among them`, async () => {
    await using stage = await startStage();
    const { page, complaints, painted } = await watchStage(stage, host);
    await paintedAfter(stage, painted, 0);
    assert.equal(stage.streams[0].query.get("codec"), "auto");
    const before = stage.sequence;
    await until("some frames", () => stage.sequence, (sequence) => sequence > before + 30);
    stage.bridge();
    const bridgedAt = stage.sequence;
    await paintedAfter(stage, painted, bridgedAt + 10);
    const sequences = painted.map(({ sequence }) => sequence);
    assert.deepEqual(sequences, sequences.toSorted((a, b) => a - b), "sequences never fall");
    const late = painted.slice(3).map(({ newest, sequence }) => newest - sequence);
    late.sort((a, b) => a - b);
    assert(late[late.length >> 1] <= 4, `frames behind the newest: ${late}`);
    assert(painted.some(({ sequence }) => sequence > bridgedAt && sequence <= bridgedAt + 5));
    assert.deepEqual(complaints, []);
    await page.screenshot({ path: await screenshotPath(`video_${host}`) });
  });

  Deno.test(`${codec}: each filter looks as the server's, also in snapshots`, async (t) => {
    await using stage = await startStage();
    const { page, complaints, painted } = await watchStage(stage, host);
    await paintedAfter(stage, painted, 0);
    await bare(page);
    const plain = await until(
      "the chart",
      () => look(page),
      (now) => near(now.orange, [200, 120, 40]),
    );
    for (const filter of [...FILTERS.slice(1), FILTERS[0]]) {
      await t.step(filter, async () => {
        await page.evaluate((filter) => {
          document.querySelector<HTMLButtonElement>(`button[value=${filter}]`)!.click();
        }, filter);
        await until(filter, () => look(page), (now) => isFiltered(now, filter, plain));
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.keyboard.press("s"),
        ]);
        const saved = await measure(page, await Deno.readFile(await download.path()));
        assert(isFiltered(saved, filter, plain), `${filter}: ${JSON.stringify(saved)}`);
      });
    }
    assert.deepEqual(complaints, []);
  });

  Deno.test(`${codec}: the page goes on with JPEG when packets are damaged`, async () => {
    await using stage = await startStage();
    const { page, painted } = await watchStage(stage, host);
    await paintedAfter(stage, painted, 0);
    stage.damage();
    await until(
      "another stream",
      () => stage.streams.at(-1)!.query.get("codec"),
      (codec) => codec === "jpeg",
      { timeout: 30_000 },
    );
    await playing(page);
    const { length } = painted;
    await until("JPEGs", () => painted.length, (count) => count > length + 3);
  });

  Deno.test(`${codec}: the menu chooses, and the page remembers`, async () => {
    await using stage = await startStage();
    const { page, complaints, painted } = await watchStage(stage, host);
    const menu = page.getByRole("combobox", { name: "Video" });
    await menu.selectOption("JPEG");
    const asked = () => stage.streams.at(-1)!.query.get("codec");
    await until("JPEG", asked, (codec) => codec === "jpeg");
    await menu.selectOption("H.264");
    await until("H.264", asked, (codec) => codec === "h264");
    await paintedAfter(stage, painted, stage.sequence);
    await page.reload({ waitUntil: "commit" });
    await until(
      "H.264 in the menu",
      () => menu.inputValue().catch(() => ""),
      (codec) => codec === "h264",
    );
    await until("H.264", () => [stage.streams.length, asked()], ([count]) => count === 4);
    assert.equal(asked(), "h264");
    assert.deepEqual(complaints, []);
  });

  Deno.test(`${codec}: pausing keeps the picture, and resuming plays on`, async () => {
    await using stage = await startStage();
    const { page, complaints, painted } = await watchStage(stage, host);
    await paintedAfter(stage, painted, 0);
    await bare(page);
    await page.keyboard.press("k");
    await page.locator("html[data-player=stopped]").waitFor();
    assert(near((await look(page)).orange, [200, 120, 40]));
    const before = stage.sequence;
    await page.keyboard.press("k");
    await paintedAfter(stage, painted, before);
    assert.deepEqual(complaints, []);
  });

  Deno.test(`${codec}: picture in picture shows the newest frames`, async () => {
    await using stage = await startStage();
    const { page, complaints, painted } = await watchStage(stage, host);
    await paintedAfter(stage, painted, 0);
    await page.keyboard.press("i");
    await page.locator("#pip[aria-pressed=true]").waitFor();
    const frames = () =>
      page.evaluate(() =>
        (document.pictureInPictureElement as HTMLVideoElement).getVideoPlaybackQuality()
          .totalVideoFrames
      );
    const before = await frames();
    await until("more frames", frames, (count) => count > before + 5);
    const before2 = stage.sequence;
    await page.evaluate(() => document.exitPictureInPicture());
    await paintedAfter(stage, painted, before2);
    assert.deepEqual(complaints, []);
  });
}
