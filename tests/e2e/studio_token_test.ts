/// <reference lib="dom" />
import assert from "node:assert/strict";
import { until } from "../support/until.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { openStudio } from "./studio_page.ts";
import { ADMIN_TOKEN } from "../support/requests.ts";
import { startChannel } from "./test_channel.ts";

const browser = sharedChromium();

Deno.test("studio removes the token from the address and keeps it for its tab only", async () => {
  await using program = await startChannel();
  const { page, complaints } = await openStudio(browser, program);
  assert.equal(page.url(), `${program.origin}/studio`);
  const html = await page.content();
  assert(!html.includes(ADMIN_TOKEN), "the page does not show the token");

  await page.reload();
  await page.locator("html[data-studio=open]").waitFor();
  assert.equal(page.url(), `${program.origin}/studio`);
  await page.goBack();
  assert(!page.url().includes(ADMIN_TOKEN), "nor does the history");

  const other = await page.context().newPage();
  await other.goto(`${program.origin}/studio`);
  await other.getByLabel("Token").waitFor();
  assert.deepEqual(complaints, []);
});

Deno.test("studio's menu on a phone scrolls to each part and stays signed in", async () => {
  await using program = await startChannel();
  const { page, complaints } = await openStudio(browser, program, {
    viewport: { width: 390, height: 844 },
  });
  const menu = page.getByRole("navigation", { name: "Parts of the studio" });
  const links = await menu.getByRole("link").all();
  assert.equal(links.length, 8);
  for (const link of links) {
    await link.click();
    const id = (await link.getAttribute("href"))!.slice(1);
    const top = () =>
      page.locator(`[id="${id}"]`).evaluate((part) => part.getBoundingClientRect().top);
    const bottom = await menu.evaluate((nav) => nav.getBoundingClientRect().bottom);
    const atEnd = () =>
      page.evaluate(() => innerHeight + scrollY >= document.documentElement.scrollHeight - 2);
    await until(
      `#${id} below the menu`,
      async () => ({ top: await top(), atEnd: await atEnd() }),
      ({ top, atEnd }) => top >= bottom - 1 && (top < bottom + 60 || atEnd),
    );
  }
  assert.equal(await page.locator("html").getAttribute("data-studio"), "open");
  assert(await page.getByLabel("Token").isHidden());

  await page.reload();
  await page.locator("html[data-studio=open]").waitFor();
  assert(!page.url().includes(ADMIN_TOKEN));
  assert.deepEqual(complaints, []);
});

Deno.test("studio rejects a wrong token, accepts the right one, and says when it is locked", async () => {
  await using program = await startChannel();
  const { page } = await openPage(browser);
  await page.goto(`${program.origin}/studio#a-wrong-token`);
  const problem = page.getByRole("alert");
  await problem.waitFor();
  assert.match(await problem.textContent() ?? "", /Wrong token/);
  assert.equal(page.url(), `${program.origin}/studio`);
  assert(await page.locator("#studio").isHidden());
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);

  await page.getByLabel("Token").fill(`${program.origin}/studio#${ADMIN_TOKEN}`);
  await page.keyboard.press("Enter");
  await page.locator("html[data-studio=open]").waitFor();

  const { page: guesser } = await openPage(browser);
  await guesser.goto(`${program.origin}/studio`);
  for (let guess = 0; guess < 6; guess++) {
    await guesser.getByLabel("Token").fill(`guess-${guess}`);
    await guesser.getByRole("button", { name: "Open the studio" }).click();
    await guesser.getByLabel("Token").waitFor();
    await until(
      "the answer",
      () => guesser.getByRole("alert").textContent(),
      (text) => /token/.test(text ?? ""),
    );
  }
  await until(
    "the lock",
    () => guesser.getByRole("alert").textContent(),
    (text) => /^Locked .* Try again in 10 seconds/.test(text ?? ""),
  );
});

Deno.test("studio reconnects to a restarted server, and asks for the token if that changed", async () => {
  const before = await startChannel("--title=Before");
  const { page } = await openStudio(browser, before);
  const title = page.getByLabel("Title");
  await until("the title", () => title.inputValue(), (text) => text === "Before");
  await before[Symbol.asyncDispose]();
  await page.getByText("Disconnected from the server").waitFor();

  const again = await startChannel("--title=Again", `--port=${before.port}`);
  await until("the title", () => title.inputValue(), (text) => text === "Again");
  await page.getByText("Disconnected from the server").waitFor({ state: "hidden" });
  assert(await page.getByLabel("Preview of your picture").isVisible());
  await again[Symbol.asyncDispose]();

  await using _other = await startChannel(
    "--admin-token=another-one-than-before",
    `--port=${before.port}`,
  );
  await page.getByLabel("Token").waitFor();
  assert.match(await page.getByRole("alert").first().textContent() ?? "", /Wrong token/);
  assert(await page.locator("#studio").isHidden());
});
