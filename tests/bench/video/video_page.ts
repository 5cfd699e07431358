/// <reference lib="dom" />
import type { BrowserContext, Page } from "playwright-core";
import type { Delivery, ServerMessage } from "../../../src/live_messages.ts";
import { playing } from "../../e2e/watch_page.ts";
import type { Link } from "../../support/watch_link.ts";
import { launchBehind } from "../launch_behind.ts";
import { LAN_NAME, SECURE_NAME } from "./video_server.ts";
import type { Codec } from "./page_client.ts";

/** How a page shows the stream. */
export const WAYS = ["JPEG", "WebCodecs", "MediaSource"] as const;

/** One of {@linkcode WAYS}. */
export type Way = (typeof WAYS)[number];

/** A frame that a page painted. */
export interface Painted {
  /** Wall time, milliseconds. */
  readonly at: number;
  readonly sequence: number;
  /** Pixels. */
  readonly width: number;
  /** How many frames a `<video>` had shown by then; a page looks at some of them only. `null` without one. */
  readonly shown: number | null;
}

/** What the server said it gives, and when. */
export interface Given extends Delivery {
  /** Wall time, milliseconds. */
  readonly at: number;
}

/** A watch page in a Chromium of its own, which notes each frame that it paints. */
export interface VideoPage extends AsyncDisposable {
  readonly page: Page;
  /** The browser's process. */
  readonly pid: number;
  /** What the page was given, oldest first. */
  readonly given: readonly Given[];
  /** When the page was asked for, its stream was, and the first byte of that came. Wall time, milliseconds. */
  readonly begun: { readonly page: number; stream: number; response: number };
  /** What it painted, oldest first. */
  painted(): Promise<readonly Painted[]>;
}

export interface VideoPageOptions {
  readonly port: number;
  readonly way: Way;
  /** What the viewer chose in place of `jpeg` or `h264`. */
  readonly codec?: Codec;
  /** Default: loopback. */
  readonly link?: Link;
}

/** Opens the watch page as a new viewer, and waits until it paints the stream. */
export async function openVideoPage(options: VideoPageOptions): Promise<VideoPage> {
  const { port, way, codec = way === "JPEG" ? "jpeg" : "h264", link } = options;
  await using stack = new AsyncDisposableStack();
  const name = way === "WebCodecs" ? SECURE_NAME : LAN_NAME;
  const before = await chromiums();
  const browser = await launchBehind(link, stack, [
    `--host-resolver-rules=MAP * ${link?.host ?? "127.0.0.1"}`,
  ]);
  const [pid] = (await chromiums()).filter((one) => !before.includes(one));
  const context = await browser.newContext();
  await note(context, codec);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const given: Given[] = [];
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload !== "string") return;
      const message: ServerMessage = JSON.parse(payload);
      if (message.type === "delivery") given.push({ at: Date.now(), ...message.delivery });
    }));
  const begun = { page: Date.now(), stream: NaN, response: NaN };
  const isStream = (url: string) => new URL(url).pathname === "/stream";
  page.on("request", (request) => {
    if (isStream(request.url()) && Number.isNaN(begun.stream)) begun.stream = Date.now();
  });
  page.on("response", (response) => {
    if (!isStream(response.url()) || !Number.isNaN(begun.response)) return;
    const { startTime, responseStart } = response.request().timing();
    begun.stream = startTime;
    begun.response = startTime + responseStart;
  });
  await page.goto(`http://${name}:${port}/`, { waitUntil: "commit" });
  await playing(page);
  const own = stack.move();
  return {
    ...{ page, pid, given, begun },
    painted: () => page.evaluate(() => (globalThis as unknown as NotingWindow).painted),
    [Symbol.asyncDispose]: () => own.disposeAsync(),
  };
}

/** Where the page keeps what it painted. */
interface NotingWindow extends Window {
  painted: Painted[];
}

/** Makes the pages that open from now on note what they paint. */
async function note(context: BrowserContext, codec: Codec): Promise<void> {
  await context.addInitScript(async (codec) => {
    if (location.protocol === "about:") return;
    localStorage.setItem("livestream.video", codec);
    const painted: Painted[] = [];
    (globalThis as unknown as NotingWindow).painted = painted;
    // The page's own module, which it calls for each frame on the screen, whatever shows it.
    const { PaintedReporter } = await import(`${location.origin}/js/painted_reporter.js`);
    const report = PaintedReporter.prototype.painted;
    PaintedReporter.prototype.painted = function (
      stream: string,
      sequence: number,
      received: unknown,
    ) {
      const width = document.querySelector<HTMLCanvasElement>("canvas#picture")?.width ?? 0;
      const video = document.querySelector("video.picture");
      const quality = video instanceof HTMLVideoElement ? video.getVideoPlaybackQuality() : null;
      const shown = quality && quality.totalVideoFrames - quality.droppedVideoFrames;
      painted.push({ at: performance.timeOrigin + performance.now(), sequence, width, shown });
      report.call(this, stream, sequence, received);
    };
  }, codec);
}

/** Returns the browsers that this process started. */
async function chromiums(): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "pid=,args=", "--ppid", String(Deno.pid)],
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  return lines.filter((line) => /--headless|chrom/.test(line)).map((line) => Number.parseInt(line));
}
