/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { ffmpeg } from "../support/ffmpeg.ts";
import { until } from "../support/until.ts";
import { violationsInEachLook } from "./axe.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { inEachLook } from "./looks.ts";
import { screenshotPath } from "./screenshots.ts";
import { openStudio } from "./studio_page.ts";
import { sharedChannel, startChannel } from "./test_channel.ts";
import { chatOf, donate, playing, say, watch } from "./watch_page.ts";

const browser = sharedChromium();

const PASSWORD = "open sésame";
const TITLE = "Grandma's bird box, live from the pear tree behind the kitchen window";

const program = sharedChannel(`--password=${PASSWORD}`, `--title=${TITLE}`);

async function enter(page: Page, password: string): Promise<void> {
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Watch" }).click({ noWaitAfter: true });
}

Deno.test("viewer with the password can watch, chat and donate, and sees when it is wrong", async () => {
  const { page, complaints } = await watch(browser, program);
  await page.waitForURL(`${program.origin}/login`);
  assert.equal(await page.title(), TITLE);
  assert(await page.getByLabel("Password").evaluate((input) => input === document.activeElement));
  await enter(page, "open sesame");
  const problem = page.getByRole("alert");
  await problem.waitFor();
  assert.equal(await problem.textContent(), "That is not the password. 4 tries are left.");
  await page.screenshot({ path: await screenshotPath("password_wrong") });
  // The browser's console logs the response's status, which is the expected one.
  assert.match(complaints.splice(0).join(), /^Failed to load resource.*403/);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${program.origin}/`);
  await playing(page);
  await say(page, "Hello", "Ada");
  await until("the message", () => chatOf(page), (chat) => chat.join() === "Ada: Hello");
  await page.getByRole("button", { name: "Low", exact: true }).click();
  await page.getByRole("button", { name: "Low", exact: true, pressed: true }).waitFor();
  await donate(page);
  const [pass] = (await page.context().cookies()).filter(({ name }) => name === "pass");
  assert(pass?.httpOnly && pass.sameSite === "Lax" && !pass.secure);

  const other = await page.context().newPage();
  await other.goto(`${program.origin}/login?to=%2Fstate`);
  assert.equal(other.url(), `${program.origin}/state`, "who is in need not enter it again");
  assert.deepEqual(complaints, []);
});

Deno.test("viewer without JavaScript reaches the requested page after the password", async () => {
  await using program = await startChannel(`--password=${PASSWORD}`);
  const { page } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(`${program.origin}/?ref=a+friend`);
  await enter(page, "wrong");
  await page.getByText("4 tries are left").waitFor();
  await enter(page, PASSWORD);
  await page.waitForURL(`${program.origin}/?ref=a+friend`, { waitUntil: "commit" });
  const state = async () => {
    const response = await page.context().request.get(`${program.origin}/state`);
    return (await response.json()).result;
  };
  await until("the image to receive", state, ({ viewers }) => viewers === 1);
  await page.getByRole("button", { name: "Donate" }).click({ noWaitAfter: true });
  await page.getByRole("button", { name: "Donate Success!!" }).waitFor();
  assert.equal((await state()).donations, 1);
});

Deno.test("open page leads to the password form after the password changes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const data = `--data=${folder}/channel.db`;
    let page: Page, port: number;
    {
      await using program = await startChannel(`--password=${PASSWORD}`, data);
      ({ page } = await watch(browser, program));
      ({ port } = program);
      await enter(page, PASSWORD);
      await playing(page);
    }
    // Before the restart: soon after it, the page plays again.
    await page.locator("html[data-player=reconnecting]").waitFor();
    {
      await using _restarted = await startChannel(`--password=${PASSWORD}`, data, `--port=${port}`);
      await playing(page);
      assert.equal(new URL(page.url()).pathname, "/", "a restart alone changes nothing");
    }
    await using program = await startChannel("--password=another one", data, `--port=${port}`);
    await page.waitForURL(`${program.origin}/login`);
    await enter(page, "another one");
    await playing(page);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("streamer opens the studio, and from there the watch page, with the token alone", async () => {
  const { page } = await openStudio(browser, program);
  await page.locator("#preview-note").waitFor({ state: "hidden" });
  await page.locator("#channel-status[data-status=live]").waitFor();
  await page.locator("#share-card").waitFor();
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Watch page" }).click();
  await playing(await opened);
});

Deno.test("programs can send the password as Basic authentication", async () => {
  const curl = async (...args: string[]) => {
    const { stdout } = await new Deno.Command("curl", { args: ["-s", "-m", "5", ...args] })
      .output();
    return stdout;
  };
  const picture = await curl("-u", `:${PASSWORD}`, `${program.origin}/snapshot`);
  assert.deepEqual([...picture.subarray(0, 2)], [0xff, 0xd8]);
  const refused = JSON.parse(new TextDecoder().decode(await curl(`${program.origin}/snapshot`)));
  assert.equal(refused.error, "Unauthorized");
  const url = new URL("/stream", program.origin);
  Object.assign(url, { username: "viewer", password: PASSWORD });
  // ffmpeg first requests without credentials, then answers the challenge.
  const frames = await ffmpeg("-i", url.href, "-frames:v", "5", "-f", "framemd5", "-");
  assert.equal(new TextDecoder().decode(frames).match(/^0,/gm)?.length, 5);
});

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

Deno.test("password page fits desktop and phone in dark and light mode", async () => {
  const { page } = await watch(browser, program);
  await page.getByLabel("Password").waitFor();
  assert.deepEqual(await violationsInEachLook(page, SIZES), []);
  await inEachLook(page, SIZES, async (device, colorScheme) => {
    const look = `${device}_${colorScheme}`;
    assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), look);
    await page.screenshot({ path: await screenshotPath(`password_${look}`) });
  });
  await enter(page, "wrong");
  await page.getByRole("alert").waitFor();
  assert.deepEqual(await violationsInEachLook(page, SIZES), [], "with a problem");
});
