/// <reference lib="dom" />
// Takes the pictures in docs/images of the real pages: `make pictures`.
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import { launchChromium, type OpenedPage } from "../e2e/browser.ts";
import { say, watchPlaying } from "../e2e/watch_page.ts";
import { openCamera720 } from "../support/camera_720.ts";
import { ffmpeg } from "../support/ffmpeg.ts";
import { startProgram } from "../support/program.ts";
import { ADMIN_TOKEN } from "../support/requests.ts";
import { ROOT } from "./documents.ts";

const IMAGES = `${ROOT}docs/images/`;
/** Frames a second, and the width in pixels, of the animation. */
const FPS = 8;
const WIDTH = 800;

const pause = (seconds: number) => delay(seconds * 1000);

/** Films a page while something happens on it, into an animated WebP that plays in real time. */
async function film(page: Page, path: string, happen: () => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "pictures_" });
  const list: string[] = [];
  const session = await page.context().newCDPSession(page);
  let shown = 0;
  session.on("Page.screencastFrame", ({ data, metadata: { timestamp = 0 }, sessionId }) => {
    if (list.length > 0) list.push(`duration ${timestamp - shown}`);
    shown = timestamp;
    const name = `${list.length}.jpeg`;
    Deno.writeFileSync(`${folder}/${name}`, Uint8Array.fromBase64(data));
    list.push(`file ${name}`);
    session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await session.send("Page.startScreencast", { format: "jpeg", quality: 95, everyNthFrame: 3 });
  await happen();
  await session.send("Page.stopScreencast");
  await Deno.writeTextFile(`${folder}/list`, list.join("\n"));
  const filter = `fps=${FPS},scale=${WIDTH}:-1:flags=lanczos`;
  const encoder = ["-c:v", "libwebp_anim", "-quality", "40", "-compression_level", "6"];
  await ffmpeg(
    "-f",
    "concat",
    "-i",
    `${folder}/list`,
    "-vf",
    filter,
    ...encoder,
    "-loop",
    "0",
    path,
  );
  await Deno.remove(folder, { recursive: true });
}

/** Presses Donate as this viewer. */
async function donate({ page }: OpenedPage, amount: string, message: string): Promise<void> {
  await page.getByRole("button", { name: "Donate" }).click();
  const dialog = page.getByRole("dialog", { name: "Donate" });
  await dialog.getByRole("button", { name: amount, exact: true }).click();
  await dialog.getByRole("textbox", { name: "Message" }).fill(message);
  await dialog.getByRole("button", { name: "Donate" }).click();
}

await using camera = await openCamera720();
await using program = await startProgram([
  ...["--source", camera.device, "--ffmpeg", camera.ffmpeg, "--title", "Campus walk"],
  `--admin-token=${ADMIN_TOKEN}`,
]);
await using browser = await launchChromium();
const locale = "en-GB";
const mina = await watchPlaying(browser, program, {
  locale,
  colorScheme: "dark",
  viewport: { width: 1280, height: 800 },
});
const jo = await watchPlaying(browser, program, {
  locale,
  colorScheme: "light",
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
});
await say(mina.page, "Hello from the library", "Mina");
await say(jo.page, "The one in red walks fast", "Jo");

await film(mina.page, `${IMAGES}watch.webp`, async () => {
  const quality = (name: string) => mina.page.getByRole("button", { name, exact: true }).click();
  await pause(0.5);
  await mina.page.getByRole("textbox", { name: "Message" })
    .pressSequentially("She is in time", { delay: 40 });
  await mina.page.keyboard.press("Enter");
  await pause(1);
  await quality("Low");
  await pause(2);
  await quality("High");
  await pause(1);
  await donate(jo, "10", "For the coffee machine");
  await pause(3.5);
});

await pause(3);
await jo.page.screenshot({ path: `${IMAGES}phone.png` });
const studio = await browser.newPage({
  locale,
  colorScheme: "dark",
  viewport: { width: 1280, height: 800 },
});
await studio.goto(`${program.origin}/studio#${ADMIN_TOKEN}`);
await pause(8);
await studio.screenshot({ path: `${IMAGES}studio.png` });
