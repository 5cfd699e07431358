/// <reference lib="dom" />
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { ffmpeg } from "../support/ffmpeg.ts";
import { startProgram } from "../support/program.ts";
import { startChannel } from "./studio_support.ts";
import {
  ADMIN_TOKEN,
  chatOf,
  launchChromium,
  outputFolder,
  playing,
  say,
  until,
  violations,
  watch,
} from "./support.ts";

const PASSWORD = "open sésame";

async function enter(page: Page, password: string): Promise<void> {
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Watch" }).click({ noWaitAfter: true });
}

Deno.test("viewer with the password can watch, chat and donate, and sees when it is wrong", async () => {
  await using program = await startChannel(`--password=${PASSWORD}`, "--title=Bird box");
  await using browser = await launchChromium();
  const { page, complaints } = await watch(browser, program);
  await page.waitForURL(`${program.origin}/login`);
  assert.equal(await page.title(), "Bird box");
  assert(await page.getByLabel("Password").evaluate((input) => input === document.activeElement));
  await enter(page, "open sesame");
  const problem = page.getByRole("alert");
  await problem.waitFor();
  assert.equal(await problem.textContent(), "That is not the password. 4 tries are left.");
  await page.screenshot({ path: `${await outputFolder()}password_wrong.png` });
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
  await page.getByRole("button", { name: "Donate" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Donate" }).click();
  await page.getByRole("button", { name: "Donate Success!!" }).waitFor();
  const [pass] = (await page.context().cookies()).filter(({ name }) => name === "pass");
  assert(pass?.httpOnly && pass.sameSite === "Lax" && !pass.secure);

  const other = await page.context().newPage();
  await other.goto(`${program.origin}/login?to=%2Fstate`);
  assert.equal(other.url(), `${program.origin}/state`, "who is in need not enter it again");
  assert.deepEqual(complaints, []);
});

Deno.test("viewer without JavaScript reaches the requested page after the password", async () => {
  await using program = await startChannel(`--password=${PASSWORD}`);
  await using browser = await launchChromium();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${program.origin}/?ref=a+friend`);
  await enter(page, "wrong");
  await page.getByText("4 tries are left").waitFor();
  await enter(page, PASSWORD);
  await page.waitForURL(`${program.origin}/?ref=a+friend`, { waitUntil: "commit" });
  const state = async () => {
    const response = await context.request.get(`${program.origin}/state`);
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
    await using browser = await launchChromium();
    let page: Page, port: number;
    {
      await using program = await startChannel(`--password=${PASSWORD}`, data);
      ({ page } = await watch(browser, program));
      ({ port } = program);
      await enter(page, PASSWORD);
      await playing(page);
    }
    {
      await using _restarted = await startChannel(`--password=${PASSWORD}`, data, `--port=${port}`);
      await page.locator("html[data-player=reconnecting]").waitFor();
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
  await using program = await startChannel(`--password=${PASSWORD}`);
  await using browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(`${program.origin}/studio#${ADMIN_TOKEN}`);
  await page.locator("html[data-studio=open]").waitFor();
  await page.locator("#preview-note").waitFor({ state: "hidden" });
  await page.locator("#channel-status[data-status=live]").waitFor();
  await page.locator("#share-card").waitFor();
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Watch page" }).click();
  await playing(await opened);
});

Deno.test("programs can send the password as Basic authentication", async () => {
  await using program = await startProgram(["--source=test", `--password=${PASSWORD}`]);
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

Deno.test("password page fits desktop and phone in dark and light mode", async (t) => {
  const title = "Grandma's bird box, live from the pear tree behind the kitchen window";
  await using program = await startProgram([
    "--source=test",
    `--password=${PASSWORD}`,
    `--title=${title}`,
  ]);
  await using browser = await launchChromium();
  for (const colorScheme of ["dark", "light"] as const) {
    for (const [device, viewport] of Object.entries(SIZES)) {
      await t.step(`${device}, ${colorScheme}`, async () => {
        const { page } = await watch(browser, program, { viewport, colorScheme });
        await page.getByLabel("Password").waitFor();
        await page.evaluate(axe.source);
        assert.deepEqual(await violations(page, "html"), []);
        assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
        await page.screenshot({
          path: `${await outputFolder()}password_${device}_${colorScheme}.png`,
        });
        await enter(page, "wrong");
        await page.getByRole("alert").waitFor();
        await page.evaluate(axe.source);
        assert.deepEqual(await violations(page, "html"), [], "with a problem");
        await page.context().close();
        // The right password now and then, so that the visits do not count as guesses.
        const body = JSON.stringify({ password: PASSWORD });
        const headers = { "content-type": "application/json" };
        const right = await fetch(`${program.origin}/login`, { method: "POST", headers, body });
        assert.deepEqual(await right.json(), { ok: true });
      });
    }
  }
});
