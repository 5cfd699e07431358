/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../support/until.ts";
import { type OpenedPage, openPage, sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { stateOf } from "../support/requests.ts";
import { sharedChannel } from "./test_channel.ts";
import { playing } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

/** Opens a page as a new viewer, with something that prevents its modules from starting. */
async function openWith(
  prevent: (page: Page) => Promise<unknown>,
  path = "/",
): Promise<OpenedPage> {
  const opened = await openPage(browser);
  await prevent(opened.page);
  // A page that shows the stream as an image never finishes loading.
  await opened.page.goto(program.origin + path, { waitUntil: "commit" });
  return opened;
}

const missing = (script: string) => (page: Page) =>
  page.route(`**/js/${script}`, (route) => route.fulfill({ status: 404 }));

const replaced = (script: string, body: string) => (page: Page) =>
  page.route(
    `**/js/${script}`,
    (route) => route.fulfill({ contentType: "text/javascript", body }),
  );

/** Imitates a browser without modules: it neither loads them nor knows `nomodule`. */
async function withoutModules(page: Page): Promise<void> {
  await forgetModules(page);
  await page.route(/\/js\/(?!fallback\.js)/, () => {});
}

function forgetModules(page: Page): Promise<unknown> {
  return page.addInitScript(() => Reflect.deleteProperty(HTMLScriptElement.prototype, "noModule"));
}

/** Returns whether the fallback image shows a picture at its full width. */
async function showsImage(page: Page): Promise<void> {
  const image = page.locator(".without-scripts img");
  await until(
    "the picture",
    () => image.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.clientWidth]),
    ([natural, shown]) => natural === 320 && shown > 300,
  );
  assert(await page.locator("#picture").isHidden());
  assert.doesNotMatch(await page.locator(".screen").innerText(), /</, "no markup is read as text");
}

/** Returns a style sheet as a browser of 2015 reads it, without the rules it does not know. */
function asIn2015(css: string): string {
  return css
    .replace(/var\(|env\(|clamp\(|max\(|min\(/g, "unknown(")
    .replace(/:(is|has|where|focus-visible)\b/g, ":unknown")
    .replace(/(display): (inline-)?(grid|contents|flow-root)/g, "$1: unknown")
    .replace(/\b\d+dvh/g, "1unknown")
    .replace(/(aspect-ratio|inset|gap|object-fit|clip-path|[\w-]+-(inline|block))(: )/g, "-x-$1$3");
}

Deno.test("pages whose modules do not start", async (t) => {
  let visits = 0;

  for (
    const [what, prevent] of [
      ["the entry module is missing", missing("watch.js")],
      ["an imported module is missing", missing("chat_list.js")],
      ["a module does not parse, as in an old browser", replaced("glow.js", "class A { @ }")],
      [
        "a module breaks off when most is set up",
        replaced("goal_view.js", "export class GoalView { constructor() { throw Error(); } }"),
      ],
      ["the browser does not support modules", withoutModules],
    ] as const
  ) {
    await t.step(`show the image and working forms: ${what}`, async () => {
      await using opened = await openWith(prevent);
      const { page } = opened;
      await showsImage(page);
      await until("one stream", () => stateOf(program), ({ viewers }) => viewers === 1);
      const low = { name: "Low", exact: true } as const;
      await page.getByRole("button", low).click({ noWaitAfter: true });
      await page.getByRole("button", { ...low, pressed: true }).waitFor();
      await showsImage(page);
      await page.getByRole("textbox", { name: "Your name" }).fill(`Ada ${++visits}`);
      await page.getByRole("textbox", { name: "Message" }).fill(`Hello ${visits}`);
      await page.getByRole("button", { name: "Send" }).click({ noWaitAfter: true });
      await page.locator(".message, [data-id]").getByText(`Hello ${visits}`).waitFor();
      await showsImage(page);
    });
  }

  await t.step("show the picture after a while although all scripts are blocked", async () => {
    for (const reducedMotion of ["no-preference", "reduce"] as const) {
      await using opened = await openWith(async (page) => {
        await page.emulateMedia({ reducedMotion });
        await page.route("**/js/*", (route) => route.abort());
        const session = await page.context().newCDPSession(page);
        await session.send("Animation.enable");
        await session.send("Animation.setPlaybackRate", { playbackRate: 20 });
      });
      await until("the background", () => stateOf(program), ({ viewers }) => viewers === 1);
      const background = await opened.page.locator(".screen").evaluate((screen) =>
        getComputedStyle(screen).backgroundImage
      );
      assert.equal(background, `url("${program.origin}/stream")`);
    }
  });

  await t.step("hand over to modules that start late", async () => {
    const held = Promise.withResolvers<void>();
    // The page takes this as a sign of missing module support; here modules only start late.
    await using opened = await openWith(async (page) => {
      await forgetModules(page);
      await page.route("**/js/dom.js", async (route) => (await held.promise, route.continue()));
    });
    const { page } = opened;
    await showsImage(page);
    await page.getByRole("textbox", { name: "Message" }).fill("Half a sen");
    held.resolve();
    await playing(page);
    assert.equal(await page.locator(".without-scripts").count(), 0);
    assert.equal(await page.getByRole("textbox", { name: "Message" }).inputValue(), "Half a sen");
    await page.getByRole("button", { name: "Low", exact: true }).click();
    await page.getByRole("button", { name: "Low", exact: true, pressed: true }).waitFor();
    await until("one stream", () => stateOf(program), ({ viewers }) => viewers === 1);
    assert.equal(page.url(), `${program.origin}/`, "the form was not sent");
  });

  await t.step("give their modules a few seconds", async () => {
    await using opened = await openWith(async (page) => {
      await page.clock.install();
      await page.route("**/js/dom.js", () => {});
    });
    const { page } = opened;
    await page.locator("html[data-scripts=waiting]").waitFor();
    // Time goes by as well, on a busy machine some seconds.
    await page.clock.fastForward(4_000);
    assert.equal(await page.locator(".without-scripts").count(), 0);
    await page.clock.fastForward(5_000);
    await showsImage(page);
  });

  await t.step("show the image on embed, and the requirements on the studio", async () => {
    {
      await using opened = await openWith(withoutModules, "/embed");
      await showsImage(opened.page);
    }
    await using opened = await openWith(withoutModules, "/studio");
    await opened.page.getByText("The studio needs JavaScript and a recent browser").waitFor();
  });

  for (const [name, width, height] of [["wide", 1280, 800], ["narrow", 360, 740]] as const) {
    await t.step(`show the picture in an old browser, ${name}`, async () => {
      await using opened = await openWith(async (page) => {
        await page.setViewportSize({ width, height });
        await withoutModules(page);
        await page.route("**/css/*", async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, body: asIn2015(await response.text()) });
        });
      });
      const { page } = opened;
      await showsImage(page);
      const box = await page.locator(".without-scripts img").boundingBox();
      assert(box && box.y >= 0 && box.y < 100, JSON.stringify(box));
      for (const label of ["Low", "Send", "Donate"]) {
        assert(await page.getByRole("button", { name: label, exact: true }).isVisible(), label);
      }
      assert(await page.getByRole("dialog").isHidden());
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(wide <= width, `the page is ${wide} wide`);
      await page.screenshot({ path: await screenshotPath(`old_browser_${name}`) });
    });
  }
});

Deno.test("fallback.js parses in browsers without modules", async () => {
  const url = new URL("../../static/js/fallback.js", import.meta.url);
  const code = (await Deno.readTextFile(url)).replace(/\/\*.*?\*\/|\/\/.*$/gms, "");
  assert.doesNotMatch(
    code,
    /=>|`|\b(let|const|class|async|import|export)\b|\?\.|\?\?|\.\.\.|,\s*[)\]}]/,
  );
});
