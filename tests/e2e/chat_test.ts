/// <reference lib="dom" />
import assert from "node:assert/strict";
import { type Program } from "../support/program.ts";
import { newViewer } from "../support/test_server.ts";
import { until } from "../support/until.ts";
import { openPage, sharedChromium } from "./browser.ts";
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
  await ada.page.getByRole("button", { name: "Writing as Ada" }).waitFor();
  for (const { page, complaints } of [ada, eve]) {
    assert.equal(await page.title(), "Livestream");
    assert.equal(await page.locator(".messages img, .messages script").count(), 0);
    assert.deepEqual(complaints, []);
  }
});

Deno.test("message sent too fast stays in the box, and goes out by itself when it may", async () => {
  await using program = await startChannel();
  const { page } = await watchPlaying(browser, program);
  await say(page, "1", "Ada");
  for (const text of ["2", "3", "4"]) await say(page, text);
  await page.getByText("You are sending messages too fast").first().waitFor();
  await page.getByRole("button", { name: /^Send in \d+ seconds?$/ }).waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Message" }).inputValue(), "4");
  assert.equal(await page.locator(".message").count(), 3);
  await until("4", () => chatOf(page), (chat) => chat.at(-1) === "Ada: 4");
  assert.equal(await page.locator(".message").count(), 4);
  assert.equal(await page.getByRole("textbox", { name: "Message" }).inputValue(), "");
  await page.getByRole("button", { name: "Send", exact: true }).waitFor();
});

Deno.test("text that comes back while the next one is typed stays apart from it", async () => {
  await using program = await startChannel();
  const { page } = await watchPlaying(browser, program);
  const box = page.getByRole("textbox", { name: "Message" });
  await administer(program, "chat/blocked-words", { words: ["spam"] });
  await say(page, "buy spam", "Ada");
  await until("the text", () => box.inputValue(), (text) => text === "buy spam");
  await page.keyboard.type("next");
  assert.equal(await box.inputValue(), "buy spam\nnext");
});

Deno.test("text that is edited during the wait is sent only by its author", async () => {
  await using program = await startChannel();
  const { page } = await watchPlaying(browser, program);
  const box = page.getByRole("textbox", { name: "Message" });
  await say(page, "1", "Ada");
  for (const text of ["2", "3", "4"]) await say(page, text);
  await page.getByText("You are sending messages too fast").first().waitFor();
  await box.fill("half-writ");
  await page.getByRole("button", { name: "Send", exact: true }).waitFor();
  assert.equal(await box.inputValue(), "half-writ");
  assert.equal((await chatOf(page)).length, 3);
});

Deno.test("refused message goes back into the box with the reason", async () => {
  await using program = await startChannel();
  const { page } = await watchPlaying(browser, program);
  await administer(program, "chat/blocked-words", { words: ["spam"] });
  await say(page, "buy spam", "Ada");
  await page.getByText("This contains a blocked word.").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Message" }).inputValue(), "buy spam");
  assert.equal(await page.locator(".message").count(), 0);

  await page.getByRole("button", { name: "Writing as Ada" }).click();
  await say(page, "hello", "Admin");
  await page.getByText("This name is reserved for the streamer").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Your name" }).inputValue(), "Admin");
  await page.getByRole("textbox", { name: "Your name" }).fill("Ada");
  await page.getByRole("textbox", { name: "Message" }).press("Enter");
  await until("hello", () => chatOf(page), (chat) => chat.join() === "Ada: hello");
});

Deno.test("name is changed with Enter and kept with Escape, and a number on it is explained", async () => {
  await using program = await startChannel();
  const ada = await watchPlaying(browser, program);
  await say(ada.page, "first", "Ada");
  const { page } = await watchPlaying(browser, program);
  await say(page, "second", "Ada");
  await page.getByText("so you are Ada 2.").waitFor();

  const name = page.getByRole("textbox", { name: "Your name" });
  await page.getByRole("button", { name: "Writing as Ada 2" }).click();
  await name.fill("Nobody");
  await name.press("Escape");
  await page.getByRole("button", { name: "Writing as Ada 2" }).click();
  await name.fill("Eve");
  await name.press("Enter");
  await page.getByText("Your next message will appear as Eve.").waitFor();
  await page.getByRole("button", { name: "Writing as Eve" }).click();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.reload();
  await page.getByRole("button", { name: "Writing as Eve" }).waitFor();
  await say(page, "third");
  await until("Eve", () => chatOf(page), (chat) => chat.at(-1) === "Eve: third");
});

Deno.test("Enter that ends a composition sends nothing, in the order of events of every browser", async () => {
  await using program = await startChannel();
  const { page } = await watchPlaying(browser, program);
  await say(page, "before", "Ada");
  const box = page.getByRole("textbox", { name: "Message" });
  await box.fill("にほん");
  for (const ends of [{ isComposing: true }, { keyCode: 229 }]) {
    await box.evaluate((element, ends) => {
      const init = { key: "Enter", bubbles: true, cancelable: true, ...ends };
      element.dispatchEvent(new KeyboardEvent("keydown", init));
    }, ends);
  }
  await page.getByRole("textbox", { name: "Message" }).press("Shift+Enter");
  await box.pressSequentially("two");
  assert.deepEqual(await chatOf(page), ["Ada: before"]);
  await box.press("Enter");
  await until("both lines", () => chatOf(page), (chat) => chat.at(-1) === "Ada: にほん\ntwo");
});

Deno.test("viewers answer and name each other, and links in messages are links", async () => {
  await using program = await startChannel();
  const ada = await watchPlaying(browser, program);
  const eve = await watchPlaying(browser, program);
  await say(ada.page, "Look: https://example.com/a.", "Ada");
  const link = eve.page.getByRole("link", { name: "https://example.com/a", exact: true });
  await link.waitFor();
  assert.deepEqual(
    await link.evaluate((a: HTMLAnchorElement) => [a.href, a.rel, a.target]),
    ["https://example.com/a", "noopener nofollow ugc", "_blank"],
  );

  await eve.page.getByRole("button", { name: "Reply to Ada" }).focus();
  await eve.page.keyboard.press("Enter");
  await eve.page.getByText("Replying to Ada").waitFor();
  await say(eve.page, "@Ada nice", "Eve");
  const answer = ada.page.locator(".message").filter({ hasText: "@Ada nice" });
  await answer.locator("[data-reply]").waitFor();
  assert.equal(await answer.getAttribute("data-mention"), "true", "it names her");
  await eve.page.getByRole("button", { name: "Reply to Ada", exact: true }).focus();
  await eve.page.keyboard.press("Enter");
  await say(eve.page, "very nice");
  await ada.page.locator("[data-mention=true]").filter({ hasText: "very nice" }).waitFor();
  const own = eve.page.locator(".message").filter({ hasText: "@Ada nice" });
  await own.locator("[data-reply]").waitFor();
  assert.equal(await own.getAttribute("data-mention"), "false");
  assert(await eve.page.getByText("Replying to Ada").isHidden());

  await ada.page.getByRole("button", { name: /^In reply to Ada/ }).last().click();
  const focused = await ada.page.evaluate(() => document.activeElement?.textContent);
  assert.match(focused ?? "", /Look: https/);
  assert.deepEqual([...ada.complaints, ...eve.complaints], []);
});

Deno.test("reactions float over everyone's picture, a few however many come", async () => {
  await using program = await startChannel();
  const ada = await watchPlaying(browser, program);
  const eve = await watchPlaying(browser, program, { reducedMotion: "reduce" });
  const floating = ada.page.locator(".floating-reactions > svg");
  await eve.page.getByRole("button", { name: "Applause" }).click();
  await floating.first().waitFor({ state: "attached" });
  assert.equal(await floating.first().getAttribute("data-reaction"), "clap");
  await floating.first().waitFor({ state: "detached" });
  const count = eve.page.locator(".floating-reactions > p");
  await ada.page.getByRole("button", { name: "Love" }).click();
  await until("a count", () => count.textContent(), (text) => text?.trim() === "1");
  assert.equal(await eve.page.locator(".floating-reactions > svg").count(), 0);
  for (let tap = 0; tap < 20; tap++) {
    await ada.page.getByRole("button", { name: "Love" }).click({ noWaitAfter: true });
  }
  assert.deepEqual([...ada.complaints, ...eve.complaints], []);
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
  const [box, list] = [
    (await pill.boundingBox())!,
    (await page.locator("#chat-scroller").boundingBox())!,
  ];
  const below = list.y + list.height - box.y - box.height;
  assert(below > 0 && below < 20, `the pill is ${below} px above the lower edge of the messages`);
  assert(Math.abs(await yOf41() - before) < 3, "also as new ones come");
  await pill.click();
  await until("the end", isAtEnd, (end) => end);
  assert(await pill.isHidden());
});

Deno.test("older messages load on the next scroll after the server refused them", async () => {
  await using program = await startChannel("--trusted-proxy=127.0.0.1");
  await fillChat(program, 90);
  const { page } = await openPage(browser);
  let isRefused = false;
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (payload.includes('"type":"error"') && payload.includes('"code":"too-much"')) {
        isRefused = true;
      }
    }));
  // The first request comes behind changes that use up what the address regains within 3 s.
  await page.addInitScript(() => {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
      if (String(data).includes('"older"')) {
        WebSocket.prototype.send = send;
        for (let i = 0; i < 30; i++) {
          // Nothing of this gets into the chat: the name is reserved.
          send.call(this, JSON.stringify({ type: "chat", key: `${i}`, name: "Admin", text: "x" }));
        }
      }
      send.call(this, data);
    };
  });
  await page.goto(program.origin, { waitUntil: "commit" });
  await until("the newest", () => chatOf(page), (chat) => chat.length === 50);
  const scroll = () =>
    page.locator("#chat-scroller").evaluate((box) => {
      box.scrollTop = 300;
      setTimeout(() => box.scrollTop = 1, 50);
    });
  await useUpChanges(program);
  await scroll();
  await until("a refusal", () => isRefused);
  assert.equal((await chatOf(page)).length, 50);
  await until("older ones", async () => {
    await scroll();
    return await chatOf(page);
  }, (chat) => chat.length === 90);
});

/** Changes settings until this address may change nothing for now. */
async function useUpChanges({ origin }: Program): Promise<void> {
  const headers = { "content-type": "application/json" };
  for (let status = 0; status !== 429;) {
    const answer = await fetch(`${origin}/settings`, { method: "POST", headers, body: "{}" });
    await answer.body?.cancel();
    status = answer.status;
  }
}

Deno.test("confirmed messages survive kill -9, and unconfirmed ones are sent exactly once by themselves", async () => {
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
    await page.locator(".message[data-status=sending]").waitFor();

    await using after = await startChannel(data, `--port=${before.port}`);
    await playing(page);
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
  assert(await eve.page.getByRole("button", { name: "Love" }).isDisabled());

  await administer(program, "chat/ban", { author: rude.author });
  await eve.page.getByRole("heading", { name: "You have been banned from this stream" }).waitFor();
  await playing(ada.page);
});
