/// <reference lib="dom" />
import assert from "node:assert/strict";
import { movingClip } from "../support/clips.ts";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { inEachLook } from "./looks.ts";
import { screenshotPath } from "./screenshots.ts";
import { stateOf } from "../support/requests.ts";
import { sharedChannel, startChannel } from "./test_channel.ts";
import { donate, playing, watch, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

Deno.test("page without JavaScript shows the picture, and its forms work", async () => {
  const { page, complaints } = await watch(browser, program, { javaScriptEnabled: false });
  const viewers = async () => (await stateOf(program)).viewers;
  await until("the image to receive", viewers, (count) => count === 1);
  const box = await page.locator("noscript img").boundingBox();
  assert(box && box.width > 300 && box.height > 150, JSON.stringify(box));

  const press = async (name: string) => {
    const button = page.getByRole("button", { name, exact: true });
    await button.click({ noWaitAfter: true });
    return page.getByRole("button", { name, exact: true, pressed: true }).waitFor();
  };
  await press("Low");
  await press("Sepia");
  await press("Gaming");
  assert(await page.getByRole("button", { name: "Low", exact: true }).isDisabled());
  const name = page.getByRole("textbox", { name: "Your name" });
  await name.fill("Ada <b>");
  await page.getByRole("textbox", { name: "Message" }).fill("Hello & <i>welcome</i>");
  await page.getByRole("button", { name: "Send" }).click({ noWaitAfter: true });
  await page.getByText("Hello & <i>welcome</i>").waitFor();
  assert.equal(await name.inputValue(), "Ada <b>");
  const { donations } = await stateOf(program);
  await page.getByRole("button", { name: "Donate" }).click({ noWaitAfter: true });
  await page.getByRole("button", { name: "Donate Success!!" }).waitFor();
  assert.equal((await stateOf(program)).donations, donations + 1);
  assert.deepEqual(complaints, []);
});

Deno.test("page without JavaScript has the newest messages in view", async () => {
  await using full = await startChannel();
  for (let i = 1; i <= 8; i++) {
    const response = await fetch(`${full.origin}/chat`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: `viewer=${crypto.randomUUID()}` },
      body: JSON.stringify({ name: `Viewer ${i}`, text: `Message ${i} ${"long ".repeat(90)}` }),
    });
    assert.equal(response.status, 200, await response.text());
  }
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    const { page } = await watch(browser, full, { javaScriptEnabled: false, viewport });
    await page.getByText("Message 8").waitFor();
    const scroller = (await page.locator("#chat-scroller").boundingBox())!;
    const boxOf = async (text: string) => (await page.getByText(text).boundingBox())!;
    const newest = await boxOf("Message 8");
    const visible = scroller.y + scroller.height - newest.y;
    assert(
      newest.y > scroller.y && visible > newest.height - 1,
      JSON.stringify([scroller, newest]),
    );
    assert((await boxOf("Message 1")).y < scroller.y, "the oldest is scrolled out");
    await page.screenshot({ path: await screenshotPath(`no_script_${viewport.width}`) });
  }
});

Deno.test("page with JavaScript does not load the no-script image", async () => {
  const { page } = await watchPlaying(browser, program);
  await until("one stream", () => stateOf(program), ({ viewers }) => viewers === 1);
  assert.equal(await page.locator("img:visible").count(), 1, "only the mark of the page");
});

Deno.test("watch page fits a phone, in dark and in light mode", async () => {
  await using walkers = await startChannel(`--source=${(await movingClip()).path}`);
  const phone = { deviceScaleFactor: 2, isMobile: true, hasTouch: true };
  const sizes = { phone_320: { width: 320, height: 740 }, phone_360: { width: 360, height: 740 } };
  const { page, complaints } = await watchPlaying(browser, walkers, {
    ...phone,
    viewport: sizes.phone_320,
  });
  const small = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("button")].flatMap((button) => {
        const { width, height } = button.getBoundingClientRect();
        return width > 0 && (width < 44 || height < 44) ? [button.textContent] : [];
      })
    );
  const box = (selector: string) => page.locator(selector).boundingBox();
  await inEachLook(page, sizes, async (device, colorScheme) => {
    await page.screenshot({ path: await screenshotPath(`${device}_${colorScheme}`) });
    const { width } = sizes[device];
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(wide <= width, `the page is ${wide} wide on a phone of ${width}`);
    assert.deepEqual(await small(), []);
    await page.getByRole("button", { name: "Quality" }).click();
    await page.getByRole("button", { name: "Medium" }).click();
    assert.deepEqual(await small(), []);
    await page.getByRole("button", { name: "Close" }).click();
    assert(await page.getByRole("button", { name: "Medium" }).isHidden());
    const [screen, chat, tools] = await Promise.all([".screen", ".chat", ".tools"].map(box));
    assert(screen && chat && tools);
    assert(screen.y === 0 && chat.y >= screen.height, "first the video, then the chat");
    assert(tools.y > 600 && tools.y + tools.height <= 740, "the tools are under the thumb");
  });
  assert.deepEqual(complaints, []);
});

Deno.test("watch page works by keyboard alone", async () => {
  const { page } = await watchPlaying(browser, program);
  const focused = () =>
    page.evaluate(() => (document.activeElement as HTMLElement).innerText.trim());

  await page.locator(".rewind").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the chat");
  const tools = [
    "Pause",
    "Snapshot",
    "Clip",
    "Stats",
    "Chat",
    "Keys",
    "Mini",
    "Theatre mode",
    "Full",
  ];
  const bar = ["−10 s", "", "1×", "LIVE"];
  const order = [...bar, ...tools, "Share", "Donate", "Home", "Gaming", "High"];
  for (const name of order) {
    await page.keyboard.press("Tab");
    assert.equal(await focused(), name);
    const outline = await page.evaluate(() =>
      getComputedStyle(document.activeElement!).outlineStyle
    );
    assert.equal(outline, "solid", `${name} shows that it has the focus`);
  }
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator("button[value=medium][aria-pressed=true]").waitFor();
  await page.keyboard.press("3");
  await page.locator("button[value=low][aria-pressed=true]").waitFor();

  await page.keyboard.press("k");
  await page.locator("html[data-paused=true]").waitFor();
  await page.keyboard.press("k");
  await playing(page);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("d");
  await page.getByRole("dialog", { name: "Donate" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Donate Success!!" }).waitFor();

  await page.keyboard.press("c");
  await page.keyboard.type("kt");
  assert.equal(await page.getByRole("textbox", { name: "Your name" }).inputValue(), "kt");
  assert.equal(await page.locator("html").getAttribute("data-player"), "playing");
});

Deno.test("watch page animates nothing under prefers-reduced-motion", async () => {
  await using program = await startChannel();
  const { page } = await watchPlaying(browser, program, { reducedMotion: "reduce" });
  await donate(page);
  await page.getByText("♥ Anonymous donated", { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});
