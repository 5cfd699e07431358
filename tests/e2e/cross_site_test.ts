/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { type Program } from "../support/program.ts";
import { launchChromium } from "./browser.ts";
import { otherSite, outcomes, RESOLVER } from "./other_site.ts";
import { stateOf } from "../support/requests.ts";
import { startChannel } from "./test_channel.ts";
import { chatOf, donate, playing, say, watchPlaying } from "./watch_page.ts";

/** Returns the public state of the channel and the choices of this browser's viewer. */
async function channelOf(page: Page, program: Program) {
  const { viewers, donations } = await stateOf(program);
  const { chat } = await (await fetch(`${program.origin}/chat`)).json();
  const cookies = await page.context().cookies(program.origin);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const settings = await (await fetch(`${program.origin}/settings`, { headers: { cookie } }))
    .json();
  return { viewers, donations, chat, settings, cookie };
}

/** Posts a form cross-site, as any page can, and goes back. Returns the response's status. */
async function postForm(page: Page, url: string, type: string, fields: Record<string, string>) {
  const home = page.url();
  const answered = page.waitForResponse(url);
  await page.evaluate(([url, type, fields]) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: url, enctype: type });
    for (const [name, value] of Object.entries(fields)) {
      form.append(Object.assign(document.createElement("input"), { name, value }));
    }
    document.body.append(form);
    form.submit();
  }, [url, type, fields] as const);
  await page.waitForURL(url);
  const status = (await answered).status();
  await page.goto(home);
  return status;
}

async function attack(page: Page, { origin }: Program): Promise<void> {
  const text = { text: "I was here", name: "Eve", quality: "low" };
  const urlEncoded = "application/x-www-form-urlencoded";
  for (const path of ["/donate", "/chat", "/settings", "/login", "/admin/on-air"]) {
    const url = origin + path;
    assert.equal(await postForm(page, url, urlEncoded, text), 403, path);
    assert.equal(await postForm(page, url, "text/plain", { '{"text":"': '"}' }), 403, path);
    // The browser sends such posts without a preflight and hides the response; this one has one.
    const mode = "no-cors";
    const query = new URLSearchParams(text).toString();
    const headers = (type: string) => ({ "content-type": type });
    const json = JSON.stringify(text);
    for (
      const init of [
        { mode, headers: headers(urlEncoded), body: query },
        { mode, headers: headers("text/plain"), body: json },
        { headers: headers("application/json"), body: json },
      ] as const
    ) {
      assert.equal(await outcomes.post(page, url, init), "refused", path);
    }
  }
  const attempts: [Exclude<keyof typeof outcomes, "post">, string[]][] = [
    ["read", ["/", "/state", "/stream", "/snapshot", "/chat", "/settings", "/studio"]],
    ["draw", ["/snapshot", "/stream", "/favicon.svg", "/qr.svg"]],
    ["run", ["/state", "/js/watch.js"]],
    ["frame", ["/", "/studio", "/embed", "/state"]],
    ["connect", ["/live"]],
  ];
  for (const [how, paths] of attempts) {
    for (const path of paths) {
      assert.equal(await outcomes[how](page, origin + path), "refused", `${how} ${path}`);
    }
  }
}

Deno.test("another site's page in a viewer's browser can neither do nor see anything", async (t) => {
  await using program = await startChannel();
  await using site = otherSite();
  await using browser = await launchChromium([RESOLVER]);
  const { page, complaints } = await watchPlaying(browser, program);
  await say(page, "Hello", "Ada");
  await page.locator(".message[data-status=sent]").waitFor();
  const before = await channelOf(page, program);
  assert.deepEqual([before.viewers, before.chat.length], [1, 1]);
  assert.match(before.cookie, /viewer=/);

  const evil = await page.context().newPage();
  // Another port is another origin but the same site, so the viewer's cookies are sent.
  for (const name of ["evil.test", "127.0.0.1"]) {
    await t.step(`on http://${name}`, async () => {
      await evil.goto(`http://${name}:${site.port}/`);
      await attack(evil, program);
      assert.equal(await outcomes.frame(evil, `${evil.url()}other`), "framed");
      assert.deepEqual(await channelOf(page, program), before);
    });
  }

  await t.step("on its own name, pointed at the server", async () => {
    const rebound = `http://rebind.test:${program.port}`;
    const opened = await evil.goto(`${rebound}/`);
    assert.equal(opened!.status(), 421);
    assert.match(await evil.locator("body").innerText(), /--allow-host rebind\.test/);
    for (const path of ["/state", "/snapshot", "/stream", "/chat"]) {
      assert.equal(await outcomes.read(evil, rebound + path), "read 421", path);
    }
    assert.equal(await outcomes.post(evil, `${rebound}/donate`, {}), "answered 421");
    assert.equal(await outcomes.connect(evil, `${rebound}/live`), "refused");
    assert.deepEqual(await channelOf(page, program), before);
  });

  await t.step("the viewer's own page keeps working meanwhile", async () => {
    await page.bringToFront();
    await say(page, "Still here");
    await page.getByText("Still here").waitFor();
    await donate(page);
    await playing(page);
    const after = await channelOf(page, program);
    assert.deepEqual([after.donations, after.viewers], [1, 1]);
    assert.deepEqual(await chatOf(page), ["Ada: Hello", "Ada: Still here", "Ada: "]);
    const { origin } = program;
    assert.deepEqual(
      [
        await outcomes.post(page, `${origin}/settings`, {}),
        await outcomes.read(page, `${origin}/state`),
        await outcomes.draw(page, `${origin}/snapshot`),
        await outcomes.connect(page, `${origin}/live`),
      ],
      ["answered 200", "read 200", "drew 320 pixels", "connected"],
    );
    assert.deepEqual(complaints, []);
  });
});
