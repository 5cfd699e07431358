/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { startHangingProxy } from "../support/hanging_proxy.ts";
import { ADMIN_TOKEN } from "../support/requests.ts";
import { NGINX, startProxy } from "../support/reverse_proxy.ts";
import { until } from "../support/until.ts";
import { violationsInEachLook } from "./axe.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { inEachLook } from "./looks.ts";
import { screenshotPath } from "./screenshots.ts";
import { startChannel } from "./test_channel.ts";
import { chatOf, playing, say } from "./watch_page.ts";

const browser = sharedChromium();

const SIZES = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

const SLOW = "Chat is not connected, trying again. Slow until then.";

/** Opens the watch page as a new viewer and waits for the picture. */
async function watchAt(origin: string, script?: string): Promise<Page> {
  const { page } = await openPage(browser, { viewport: SIZES.desktop });
  if (script) await page.addInitScript(script);
  await page.goto(origin, { waitUntil: "commit" });
  await playing(page);
  return page;
}

/** Checks that two viewers see each other, read each other's messages and learn the channel's state. */
async function chatBothWays(ada: Page, bob: Page): Promise<void> {
  for (const page of [ada, bob]) {
    await page.getByRole("status").getByText(SLOW).waitFor();
    await page.locator("#meta-viewers").getByText("2 watching").waitFor();
    await page.locator("#uptime").getByText(/^Live for \d/).waitFor();
  }
  await say(ada, "Hello", "Ada");
  await until("Ada's message", () => chatOf(bob), (chat) => chat.includes("Ada: Hello"));
  await say(bob, "Good morning", "Bob");
  const both = ["Ada: Hello", "Bob: Good morning"];
  for (const page of [ada, bob]) {
    await until("both messages", () => chatOf(page), (chat) => chat.length >= 2);
    assert.deepEqual(await chatOf(page), both);
    assert.equal(await page.locator("html").getAttribute("data-player"), "playing");
  }
}

Deno.test({
  name: "behind nginx without Upgrade, two viewers chat, and see viewers and uptime",
  ignore: NGINX.path === null,
  async fn() {
    await using server = await startChannel();
    await using proxy = await startProxy(NGINX, (port) =>
      `server { listen 127.0.0.1:${port};
        location / { proxy_pass http://127.0.0.1:${server.port}; proxy_set_header Host $http_host; } }`);
    const origin = `http://127.0.0.1:${proxy.port}`;
    const [ada, bob] = [await watchAt(origin), await watchAt(origin)];
    await chatBothWays(ada, bob);
    assert.deepEqual(await violationsInEachLook(ada, SIZES), []);
    const sizes = { ...SIZES, landscape: { width: 844, height: 390 } };
    await inEachLook(ada, sizes, async (device, colorScheme) => {
      await ada.screenshot({ path: await screenshotPath(`watch_slow_${device}_${colorScheme}`) });
    });
    assert.match(server.output(), /proxy_set_header Upgrade \$http_upgrade;/);
  },
});

Deno.test("with handshakes that nobody answers, two viewers chat, until a WebSocket opens", async () => {
  await using server = await startChannel();
  await using proxy = startHangingProxy(server.port);
  const origin = `http://127.0.0.1:${proxy.port}`;
  const [ada, bob] = [await watchAt(origin), await watchAt(origin)];
  await chatBothWays(ada, bob);
  proxy.isHanging = false;
  await say(ada, "Still here");
  for (const page of [ada, bob]) {
    await page.getByText(SLOW).waitFor({ state: "detached" });
    await until("the message", () => chatOf(page), (chat) => chat.includes("Ada: Still here"));
  }
  await say(bob, "So am I");
  const all = ["Ada: Hello", "Bob: Good morning", "Ada: Still here", "Bob: So am I"];
  for (const page of [ada, bob]) {
    await until("all messages", () => chatOf(page), (chat) => chat.length >= all.length);
    assert.deepEqual(await chatOf(page), all);
  }
});

for (
  const [what, script] of [
    ["no WebSocket", "delete globalThis.WebSocket"],
    [
      "a WebSocket that throws",
      "globalThis.WebSocket = class { constructor() { throw new DOMException('', 'SecurityError'); } }",
    ],
  ] as const
) {
  Deno.test(`with ${what}, two viewers chat, and see viewers and uptime`, async () => {
    await using server = await startChannel();
    const ada = await watchAt(server.origin, script);
    const bob = await watchAt(server.origin, script);
    await chatBothWays(ada, bob);
  });

  Deno.test(`with ${what}, the studio works and says that it is slow`, async () => {
    await using server = await startChannel();
    const { page } = await openPage(browser, { viewport: SIZES.desktop });
    await page.addInitScript(script);
    await page.goto(`${server.origin}/studio#${ADMIN_TOKEN}`);
    await page.locator("html[data-connection=open]").waitFor();
    await page.getByRole("status").getByText("Updates take a few seconds").waitFor();
    await page.getByRole("switch", { name: "On air" }).waitFor();
    await watchAt(server.origin, script);
    await page.locator("#viewers-count").getByText("1").waitFor();
    await page.screenshot({ path: await screenshotPath("studio_slow") });
  });
}
