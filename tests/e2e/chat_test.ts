/// <reference lib="dom" />
import assert from "node:assert/strict";
import { type Program } from "../support/program.ts";
import { newViewer } from "../support/test_server.ts";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { administer } from "../support/requests.ts";
import { startChannel } from "./test_channel.ts";
import { chatOf, playing, say, watch, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();

const SCRIPT =
  `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;

/**
 * Posts messages `1`, `2`, … up to `count`, three per author. Each author has an address of their
 * own, for which the program must trust this machine as a proxy.
 */
async function fillChat({ origin }: Program, count: number): Promise<void> {
  let headers: { cookie: string } | undefined;
  for (let i = 0; i < count; i++) {
    if (i % 3 === 0) headers = await newViewer({ get: (path) => fetch(origin + path) });
    const answer = await fetch(`${origin}/chat`, {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/json",
        "x-forwarded-for": `10.0.0.${Math.floor(i / 3)}`,
      },
      body: JSON.stringify({ text: String(i + 1), name: `Crowd ${headers!.cookie.slice(-12)}` }),
    });
    await answer.body?.cancel();
    assert.equal(answer.status, 200);
  }
}

Deno.test("chat reaches both viewers, later ones and a reload, and markup in names and texts stays text", async () => {
  await using program = await startChannel();
  const ada = await watch(browser, program);
  const eve = await watchPlaying(browser, program);
  await playing(eve.page);
  await ada.page.getByText("No messages yet").waitFor();

  await say(ada.page, "Hello");
  await ada.page.getByText("Enter a name first").waitFor();
  await say(ada.page, "Hello", "Ada");
  const name = SCRIPT.slice(0, 20);
  await until("Hello", () => chatOf(eve.page), (chat) => chat.join() === "Ada: Hello");
  await say(eve.page, SCRIPT, name);
  const both = ["Ada: Hello", `${name}: ${SCRIPT}`];
  for (const { page } of [ada, eve]) {
    await until("both", () => chatOf(page), (chat) => chat.join() === both.join());
  }
  await say(ada.page, "Again");
  await ada.page.reload({ waitUntil: "commit" });
  const all = [...both, "Ada: Again"];
  await until("the history", () => chatOf(ada.page), (chat) => chat.join() === all.join());
  await ada.page.getByRole("button", { name: "as Ada" }).waitFor();
  for (const { page, complaints } of [ada, eve]) {
    assert.equal(await page.title(), "Livestream");
    assert.equal(await page.locator(".messages a, .messages img, .messages script").count(), 0);
    assert.deepEqual(complaints, []);
  }
});

Deno.test("message sent too fast is refused kindly and kept for another try", async () => {
  await using program = await startChannel();
  const { page } = await watchPlaying(browser, program);
  await say(page, "1", "Ada");
  for (const text of ["2", "3", "4"]) await say(page, text);
  await page.getByText("You are sending messages too fast").first().waitFor();
  assert.deepEqual(await chatOf(page), ["Ada: 1", "Ada: 2", "Ada: 3"]);
  await page.getByRole("button", { name: "Retry", exact: true }).click();
  await until("4", () => chatOf(page), (chat) => chat.at(-1) === "Ada: 4");
  assert.equal(await page.locator(".message").count(), 4);
});

Deno.test("scrolling up loads older messages without a jump, and counts new ones meanwhile", async () => {
  await using program = await startChannel("--trusted-proxy=127.0.0.1");
  await fillChat(program, 90);
  const { page } = await watch(browser, program);
  await until("the newest", () => chatOf(page), (chat) => chat.length === 50);
  assert.equal((await chatOf(page)).at(-1)!.replace(/^Crowd .*:/, "Crowd:"), "Crowd: 90");
  const isAtEnd = () =>
    page.locator("#chat-scroller").evaluate((box) =>
      box.scrollHeight - box.scrollTop - box.clientHeight < 2
    );
  assert(await isAtEnd());

  /** Returns the position of message 41 in the chat box, after setting `scrollTop` if given. */
  const yOf41 = (scrollTop?: number) =>
    page.locator("#chat-scroller").evaluate((box, scrollTop) => {
      if (scrollTop !== undefined) box.scrollTop = scrollTop;
      const texts = [...box.querySelectorAll(".message-text")];
      const message = texts.find(({ textContent }) => textContent === "41")!;
      return message.getBoundingClientRect().y - box.getBoundingClientRect().y;
    }, scrollTop);
  const before = await yOf41(1);
  await until("older ones", () => chatOf(page), (chat) => chat.length === 90);
  assert(Math.abs(await yOf41() - before) < 3, `${await yOf41()}, not ${before}`);

  await fillChat(program, 2);
  const pill = page.getByRole("button", { name: "2 new messages" });
  await pill.waitFor();
  assert(Math.abs(await yOf41() - before) < 3, "also as new ones come");
  await pill.click();
  await until("the end", isAtEnd, (end) => end);
  assert(await pill.isHidden());
});

Deno.test("confirmed messages survive kill -9, and Retry sends unconfirmed ones exactly once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const data = `--data=${folder}/channel.db`;
    const before = await startChannel(data);
    const { page } = await watchPlaying(browser, before);
    await say(page, "Confirmed", "Ada");
    await until("Confirmed", () => chatOf(page), (chat) => chat.length === 1);

    before.kill("SIGKILL");
    await before[Symbol.asyncDispose]();
    await page.locator("#cover").getByText("Reconnecting…").waitFor();
    await say(page, "While it was away");
    const retry = page.getByRole("button", { name: "Retry", exact: true });
    await retry.waitFor({ timeout: 15_000 });
    await page.getByText("Not sent: no connection.").waitFor();

    await using after = await startChannel(data, `--port=${before.port}`);
    await playing(page);
    await until("the channel", () => page.locator(".message").count(), (count) => count === 2);
    await retry.click();
    const all = ["Ada: Confirmed", "Ada: While it was away"];
    await until("both", () => chatOf(page), (chat) => chat.join() === all.join());
    const other = await watch(browser, after);
    await until("both", () => chatOf(other.page), (chat) => chat.join() === all.join());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("pages show deletions, slow mode, time-outs and bans at once", async () => {
  await using program = await startChannel();
  const ada = await watch(browser, program);
  const eve = await watchPlaying(browser, program);
  await say(ada.page, "Good morning", "Ada");
  await say(eve.page, "Rude", "Eve");
  await until("both", () => chatOf(ada.page), (chat) => chat.length === 2);
  const { chat } = await (await fetch(`${program.origin}/chat`)).json();
  const rude = chat.find(({ text }: { text: string }) => text === "Rude");

  await administer(program, "chat/delete", { ids: [rude.id] });
  await until(
    "it to vanish",
    () => chatOf(ada.page),
    (left) => left.join() === "Ada: Good morning",
  );
  await administer(program, "chat/slow-mode", { seconds: 60 });
  await ada.page.getByText("Slow mode: 60 s").waitFor();
  await administer(program, "chat/time-out", { author: rude.author, seconds: 60 });
  await eve.page.getByText(/The streamer muted you/).waitFor();
  assert(await eve.page.getByRole("textbox", { name: "Message" }).isDisabled());

  await administer(program, "chat/ban", { author: rude.author });
  await eve.page.locator("#cover").getByText("The streamer disconnected you").waitFor();
  await eve.page.reload({ waitUntil: "commit" });
  await eve.page.locator("html[data-cover]").waitFor();
  await playing(ada.page);
});
