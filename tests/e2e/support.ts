/// <reference lib="dom" />
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { cached } from "../support/cache.ts";
import { ffmpeg } from "../support/ffmpeg.ts";
import { findProgram } from "../support/find_program.ts";
import type { Program } from "../support/program.ts";

const ARGS = [
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Launches the Chromium that `CHROMIUM` names, the system's, or else the one Playwright installed.
 *
 * @param args Additional arguments for Chromium.
 */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const executablePath = Deno.env.get("CHROMIUM") ?? systemChromium();
  return chromium.launch({ args: [...ARGS, ...args], executablePath });
}

function systemChromium(): string | undefined {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    const path = findProgram(name);
    if (path !== null) return path;
  }
}

/** The watch page in a viewer's own browser context. */
export interface Watcher {
  readonly page: Page;
  /** Script errors, and files or requests that were refused. */
  readonly complaints: string[];
}

/** Opens the watch page as a new viewer with its own cookies. */
export async function watch(
  browser: Browser,
  { origin }: Program,
  options: BrowserContextOptions = {},
): Promise<Watcher> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  // Without JavaScript the page never finishes loading, because its image never ends.
  await page.goto(origin, { waitUntil: "commit" });
  return { page, complaints };
}

/** Folder for screenshots that people look at; ends with `/`. */
export async function outputFolder(): Promise<string> {
  const folder = new URL("../output/", import.meta.url).pathname;
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}

/** Waits until the page paints the stream. */
export async function playing(page: Page): Promise<void> {
  await page.locator("html[data-player=playing]").waitFor();
}

/** Returns the quality that the page shows. */
export async function shownQuality(page: Page): Promise<number> {
  return Number(await page.getByRole("meter").getAttribute("aria-valuenow"));
}

/** The program's `--admin-token`. */
export const ADMIN_TOKEN = "the-streamer-of-these-tests";

/** Sends a request of the streamer, authorized by {@linkcode ADMIN_TOKEN}. */
export async function administer({ origin }: Program, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${origin}/admin/${path}`, {
    method: "POST",
    headers: { "authorization": `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`Cannot administer: ${answer}`);
}

/** Writes a chat message through the page, with a name if the viewer has none yet. */
export async function say(page: Page, text: string, name?: string): Promise<void> {
  if (name !== undefined) await page.getByRole("textbox", { name: "Your name" }).fill(name);
  const message = page.getByRole("textbox", { name: "Message" });
  await message.fill(text);
  await message.press("Enter");
}

/** Returns the confirmed messages on the page, oldest first: `Ada: hello`. */
export function chatOf(page: Page): Promise<string[]> {
  return page.locator(".message[data-status=sent]").evaluateAll((messages) =>
    messages.map((message) => {
      const textOf = (part: string) => message.querySelector(`.message-${part}`)?.textContent;
      return `${textOf("name")}: ${textOf("text")}`;
    })
  );
}

export interface State {
  readonly viewers: number;
  readonly donations: number;
  /** Why it is off air. */
  readonly reason: string | null;
  readonly stream: {
    readonly clients_stat: Readonly<Record<string, { fps: number; bitrate: number }>>;
  };
}

export async function stateOf({ origin }: Program): Promise<State> {
  const response = await fetch(`${origin}/state`);
  return (await response.json()).result;
}

/** Polls ten times a second until the value is as wanted, and returns it. */
export async function until<T>(
  what: string,
  ask: () => Promise<T> | T,
  wanted: (answer: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + 10_000;
  while (true) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`Waited for ${what}: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const MJPEG = ["-c:v", "mjpeg", "-huffman", "default", "-pix_fmt", "yuvj422p", "-f", "mjpeg"];

/** A clip with three seconds of sideways motion, then three seconds of stillness. */
export function stopAndGoClip(): Promise<string> {
  return cached("stop_and_go.mjpeg", async (path) => {
    const freeze = "scroll=horizontal=0.02,loop=loop=60:size=1:start=60";
    const source = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=20"];
    await ffmpeg(...source, "-vf", freeze, "-frames:v", "120", "-q:v", "4", ...MJPEG, path);
  });
}

/** Regions of the chart in pixels: x, y, width, height. */
export const CHART = {
  /** Dark grey; a square of a lighter grey, 120 of 255, runs along it. */
  strip: [0, 0, 320, 64],
  orange: [16, 80, 96, 64],
  blue: [208, 80, 96, 64],
  /** Squares of 2x2 pixels, light and dark. */
  texture: [136, 168, 48, 48],
} as const;

/** A 320x240 picture on which every filter has a visible effect. */
export function chartClip(): Promise<string> {
  return cached("chart.mjpeg", async (path) => {
    const colour = (name: string, size: string) => [
      ...["-f", "lavfi", "-i", `color=${name}:size=${size}:rate=10`],
    ];
    const texture = "lum='if(mod(floor(X/2)+floor(Y/2),2),220,40)':cb=128:cr=128";
    const graph = [
      "[0][1]overlay=x='mod(t*64,288)':y=16[strip]",
      "[2][3]hstack[colours]",
      `[4]geq=${texture}[texture]`,
      "[colours][texture]overlay=x=128:y=96[picture]",
      "[strip][picture]vstack",
    ];
    await ffmpeg(
      ...colour("#3c3c3c", "320x64"),
      ...colour("#787878", "32x32"),
      ...colour("#c87828", "160x176"),
      ...colour("#2850b4", "160x176"),
      ...colour("white", "64x64"),
      ...["-filter_complex", graph.join(";"), "-frames:v", "45", "-q:v", "2", ...MJPEG, path],
    );
  });
}

/** Returns axe's violations in a part of the page, as `color-contrast: .tool, .badge`. */
export async function violations(page: Page, part: string): Promise<string[]> {
  // Animations must have finished.
  await page.evaluate(() =>
    Promise.allSettled(
      document.getAnimations().filter((animation) =>
        animation.effect?.getComputedTiming().iterations === 1
      ).map((animation) => animation.finished),
    )
  );
  return await page.evaluate(async (part) => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(part);
    return violations.map(({ id, nodes }) =>
      `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`
    );
  }, part);
}
