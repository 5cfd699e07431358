/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Program } from "../support/program.ts";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { moderate, openStudio, watching } from "./studio_page.ts";
import { startChannel } from "./test_channel.ts";
import { sayAs } from "./watch_page.ts";

const browser = sharedChromium();

const textsOf = (page: Page) => () => page.locator("#messages .message-text").allTextContents();

Deno.test("studio deletes a message on every page by keyboard", async () => {
  await using program = await startChannel();
  const ada = await watching(browser, program);
  const { page, complaints } = await openStudio(browser, program);
  await page.getByText("No messages yet").waitFor();
  await sayAs(ada.page, "Ada", "one");
  await sayAs(ada.page, "Ada", "<img src=x onerror=alert(1)>");
  await until(
    "both",
    textsOf(page),
    (texts) => texts.join() === "one,<img src=x onerror=alert(1)>",
  );

  await page.getByRole("button", { name: "Moderate Ada: one" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("group", { name: "Moderate Ada" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("group", { name: "Moderate Ada" }).waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await until("one to be gone", textsOf(page), (texts) => texts.length === 1);
  await until("there, too", textsOf(ada.page), (texts) => texts.length === 1);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "chat-scroller");
  assert.deepEqual(complaints, []);
});

Deno.test("studio bans after confirmation, which removes messages and streams, and a pardon lets the viewer back", async () => {
  await using program = await startChannel();
  const ada = await watching(browser, program, "Ada");
  const eve = await watching(browser, program, "Eve");
  await sayAs(eve.page, "Eve", "buy this");
  const { page, complaints } = await openStudio(browser, program);
  await until("all messages", textsOf(page), (texts) => texts.length === 3);

  const dialog = page.getByRole("dialog", { name: "Ban Eve?" });
  await moderate(page, "buy this", "Ban…");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  assert.equal((await textsOf(page)()).length, 3, "nothing happened");

  await page.getByRole("button", { name: "Ban…" }).click();
  await dialog.getByRole("button", { name: "Ban", exact: true }).click();
  await until("hers to be gone", textsOf(page), (texts) => texts.join() === "Ada is here");
  await until("at Ada's, too", textsOf(ada.page), (texts) => texts.join() === "Ada is here");
  await page.getByRole("listitem").filter({ hasText: "Evebanned" }).waitFor();
  const names = () => page.locator("#viewer-rows .viewer-name").allTextContents();
  await until("Eve's stream to end", names, (shown) => shown.join() === "Ada");
  await eve.page.getByRole("heading", { name: "You have been banned from this stream" }).waitFor();
  assert.notEqual((await sayAs(eve.page, "Eve", "still here")).status, 200);

  await page.getByRole("button", { name: "Pardon Eve" }).click();
  await page.locator("#bans-empty").waitFor();
  assert.equal((await sayAs(eve.page, "Eve", "back")).status, 200);
  await until("her message", textsOf(page), (texts) => texts.at(-1) === "back");
  assert.deepEqual(complaints, []);
});

Deno.test("streamer writes, answers and pins in the studio, and every page shows it", async () => {
  await using program = await startChannel();
  const ada = await watching(browser, program, "Ada");
  const { page, complaints } = await openStudio(browser, program);
  const message = page.getByRole("textbox", { name: "Message" });
  await message.fill("Welcome");
  await message.press("Shift+Enter");
  await message.pressSequentially("everyone");
  await message.press("Enter");
  const welcome = ada.page.locator(".message").filter({ hasText: "Welcome" });
  await welcome.getByText("Streamer", { exact: true }).nth(1).waitFor();
  assert.equal(await message.inputValue(), "");

  await page.getByRole("button", { name: "Reply to Ada" }).click();
  await message.fill("Hello Ada");
  await message.press("Enter");
  await ada.page.getByRole("button", { name: "In reply to Ada: Ada is here" }).waitFor();

  await moderate(page, "Welcome", "Pin");
  const summary = ada.page.locator("#pinned summary");
  await summary.waitFor();
  await summary.click();
  await ada.page.locator("#pinned-text").getByText("Welcome").waitFor();
  await page.locator("#pinned summary").click();
  await page.locator("#unpin").click();
  await summary.waitFor({ state: "hidden" });

  await page.getByLabel("Your name in the chat").fill("Boss");
  await page.locator("#streamer-name-save").click();
  await message.fill("Renamed");
  await message.press("Enter");
  await ada.page.locator(".message").filter({ hasText: "Renamed" }).getByText("Boss").waitFor();
  assert.deepEqual([...complaints, ...ada.complaints], []);
});

Deno.test("moderator deletes, mutes and bans on the watch page, until the streamer dismisses them", async () => {
  await using program = await startChannel();
  const mod = await watching(browser, program, "Mo");
  const eve = await watching(browser, program, "Eve");
  const { page, complaints } = await openStudio(browser, program);
  await until("both", textsOf(page), (texts) => texts.length === 2);
  const menuOf = (text: string) =>
    mod.page.getByRole("listitem").filter({ hasText: text })
      .getByRole("button", { name: /^Moderate / });
  assert.equal(await menuOf("Eve is here").count(), 0, "only for moderators");
  await moderate(page, "Mo is here", "Make moderator");
  await page.getByRole("button", { name: "Remove moderator Mo" }).waitFor();

  await sayAs(eve.page, "Eve", "rude");
  await menuOf("rude").focus();
  await mod.page.keyboard.press("Enter");
  await mod.page.keyboard.press("Tab");
  await mod.page.keyboard.press("Enter");
  await until("it to vanish", textsOf(eve.page), (texts) => !texts.includes("rude"));

  await menuOf("Eve is here").focus();
  await mod.page.keyboard.press("Enter");
  const actions = mod.page.getByRole("group", { name: "Moderate Eve" });
  await actions.getByRole("button", { name: "10 min" }).click();
  await mod.page.getByText("Muted Eve for 10 minutes").waitFor();
  await eve.page.getByText(/The streamer muted you until/).waitFor();

  await menuOf("Eve is here").focus();
  await mod.page.keyboard.press("Enter");
  await actions.getByRole("button", { name: "Ban…" }).click();
  await mod.page.getByRole("dialog", { name: "Ban Eve?" })
    .getByRole("button", { name: "Ban", exact: true }).click();
  await until("hers to be gone", textsOf(mod.page), (texts) => texts.join() === "Mo is here");

  await menuOf("Mo is here").focus();
  await mod.page.keyboard.press("Enter");
  await mod.page.getByRole("group", { name: "Moderate Mo" }).waitFor();
  await page.getByRole("button", { name: "Remove moderator Mo" }).click();
  await mod.page.locator("html[data-moderates=false]").waitFor();
  await mod.page.locator(".message [data-do]").first().waitFor({ state: "detached" });
  assert.deepEqual([...complaints, ...mod.complaints], []);
});

Deno.test("studio's time-out stops a viewer from writing and says for how long", async () => {
  await using program = await startChannel();
  const eve = await watching(browser, program, "Eve");
  const { page, complaints } = await openStudio(browser, program);
  await page.getByText("Eve is here").waitFor();
  await moderate(page, "Eve is here", "10 min");
  await page.getByText(/^muted, 10 minutes left$/).waitFor();
  assert.notEqual((await sayAs(eve.page, "Eve", "but")).status, 200);
  await page.getByText("Eve is here").waitFor();
  assert.equal(await page.getByRole("button", { name: "Ban…" }).count(), 0, "closed again");
  assert.deepEqual(complaints, []);
});

Deno.test("studio sets slow mode and blocked words, which apply at once", async () => {
  await using program = await startChannel();
  const ada = await watching(browser, program);
  const { page, complaints } = await openStudio(browser, program);
  await page.getByText("No blocked words").waitFor();
  await page.getByLabel("Blocked words").first().fill("spam");
  await page.getByRole("button", { name: "Block", exact: true }).click();
  const allow = page.getByRole("button", { name: "Allow spam again" });
  await allow.waitFor();
  assert.notEqual((await sayAs(ada.page, "Ada", "more SPAM here")).status, 200);
  await allow.click();
  await page.getByText("No blocked words").waitFor();
  assert.equal((await sayAs(ada.page, "Ada", "more SPAM here")).status, 200);

  await page.getByLabel("Slow mode").selectOption("60");
  await page.getByText("Slow mode: 60 seconds").waitFor();
  await ada.page.getByText(/slow mode/i).first().waitFor();
  assert.equal((await sayAs(ada.page, "Ada", "again")).status, 429);
  await page.getByLabel("Slow mode").selectOption("0");
  await page.getByText("Slow mode: 60 seconds").waitFor({ state: "hidden" });
  assert.equal((await sayAs(ada.page, "Ada", "again")).status, 200);
  assert.deepEqual(complaints, []);
});

Deno.test("studio appends new messages while older ones are read, and loads older ones on demand", async () => {
  await using program = await startChannel();
  let last = await newAuthor(program);
  // Each message has its own author, because one may write only three at once.
  for (let count = 0; count < 60; count++) {
    const say = count % 3 === 0 ? await newAuthor(program) : last;
    await say(`message ${count + 1}`);
    last = say;
  }
  const { page, complaints } = await openStudio(browser, program);
  await until("the newest 50", textsOf(page), (texts) => texts.length === 50);
  const scroller = page.getByRole("region", { name: "Messages" });
  const fromEnd = () =>
    scroller.evaluate((it) => Math.round(it.scrollHeight - it.clientHeight - it.scrollTop));
  assert(await fromEnd() < 5, "begins at the end");

  await page.getByRole("button", { name: "Show older messages" }).click();
  await until("all 60", textsOf(page), (texts) => texts.length === 60 && texts[0] === "message 1");
  await scroller.evaluate((it) => it.scrollTo(0, 0));
  await (await newAuthor(program))("the newest");
  await page.getByRole("button", { name: "1 new message" }).click();
  await until("the end", fromEnd, (pixels) => pixels < 5);
  await page.getByText("the newest").waitFor();
  assert.deepEqual(complaints, []);
});

/** Returns a function that posts messages as a new author. */
async function newAuthor({ origin }: Program): Promise<(text: string) => Promise<void>> {
  const page = await fetch(origin);
  await page.body?.cancel();
  const [cookie] = page.headers.get("set-cookie")!.split(";");
  const name = `Ada ${cookie.slice(-12)}`;
  return async (text) => {
    const headers = { cookie, "content-type": "application/json" };
    const body = JSON.stringify({ name, text });
    const answer = await fetch(`${origin}/chat`, { method: "POST", headers, body });
    assert.equal(answer.status, 200, await answer.text());
  };
}

Deno.test("studio removes a supporter after confirmation, and a ban removes one from every list and screen", async () => {
  await using program = await startChannel();
  const [ada, eve] = [await watching(browser, program), await watching(browser, program, "Eve")];
  const { page, complaints } = await openStudio(browser, program);
  const donate = (from: Page, gift: object) =>
    from.evaluate(async (gift) => {
      const headers = { "content-type": "application/json" };
      await (await fetch("/donate", { method: "POST", headers, body: JSON.stringify(gift) }))
        .text();
    }, gift);
  const names = () => page.locator("#supporters .message-name").allTextContents();
  await donate(ada.page, { amount: 5, name: "Ada" });
  await donate(eve.page, { amount: 1_000_000, message: "I am first" });
  await until("both", names, (shown) => shown.join() === "Eve,Ada");

  await page.getByRole("button", { name: "Remove Ada from the supporters" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove Ada?" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  assert.deepEqual(await names(), ["Eve", "Ada"], "nothing happened");
  await page.getByRole("button", { name: "Remove Ada from the supporters" }).click();
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await until("Ada to be gone", names, (shown) => shown.join() === "Eve");

  // The first celebration may be over by now.
  await donate(eve.page, { message: "I am still first" });
  const words = ada.page.getByText("I am still first", { exact: true });
  await ada.page.locator("#celebration").and(ada.page.locator(":visible", { has: words }))
    .waitFor();
  await moderate(page, "Eve is here", "Ban…");
  await page.getByRole("dialog", { name: "Ban Eve?" })
    .getByRole("button", { name: "Ban", exact: true }).click();
  await until("Eve to be gone", names, (shown) => shown.length === 0);
  const shown = () => words.filter({ visible: true }).count();
  // Sooner than the celebration would end by itself.
  await until("Ada's page to show no word of hers", shown, (count) => count === 0, {
    timeout: 2_000,
  });
  // What Ada gave still stands in the chat.
  await ada.page.getByRole("button", { name: "1 donation" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement !== document.body), true);
  assert.deepEqual([...complaints, ...ada.complaints], []);
});
