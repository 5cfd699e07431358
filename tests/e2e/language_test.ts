/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { ADMIN_TOKEN } from "../support/requests.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { sharedChannel, startChannel } from "./test_channel.ts";
import { playing, watch, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

const langOf = (page: Page) => page.locator("html").getAttribute("lang");

const quality = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

Deno.test("watch page is in the browser's language, and the menu changes it for good", async () => {
  const { page, complaints } = await watchPlaying(browser, program, { locale: "de-DE" });
  assert.equal(await langOf(page), "de");
  await quality(page, "Hoch").waitFor();
  await page.getByRole("combobox", { name: "Sprache" }).selectOption({ label: "繁體中文" });
  await quality(page, "高").waitFor();
  assert.equal(await langOf(page), "zh-TW");
  await page.reload({ waitUntil: "commit" });
  await quality(page, "高").waitFor();
  await playing(page);
  assert.deepEqual(complaints, []);
});

Deno.test("the menu is at the end of the sheet on a phone", async () => {
  const viewport = { width: 390, height: 844 };
  const { page } = await watchPlaying(browser, program, { locale: "fr-FR", viewport });
  await page.locator("#open-settings").click();
  await page.getByRole("combobox", { name: "Langue" }).selectOption("es");
  await page.locator("html[lang=es]").waitFor();
  assert.equal(new URL(page.url()).pathname, "/");
});

Deno.test("the menu works without JavaScript", async () => {
  const options = { locale: "de-DE", javaScriptEnabled: false };
  const { page } = await watch(browser, program, options);
  await page.getByRole("combobox", { name: "Sprache" }).selectOption("zh-TW");
  await page.getByRole("button", { name: "Ändern" }).click({ noWaitAfter: true });
  await quality(page, "高").waitFor();
  assert.equal(await langOf(page), "zh-TW");
});

Deno.test("the studio changes its language and stays open", async () => {
  const { page } = await openPage(browser, { locale: "es-MX" });
  await page.goto(`${program.origin}/studio#${ADMIN_TOKEN}`);
  await page.locator("html[data-studio=open]").waitFor();
  assert.equal(await langOf(page), "es");
  await page.getByRole("combobox", { name: "Idioma" }).selectOption("de");
  await page.locator("html[lang=de][data-studio=open]").waitFor();
});

Deno.test("the password form, its problem and a page that is not there are translated", async () => {
  await using program = await startChannel("--password=open sesame");
  const { page } = await openPage(browser, { locale: "zh-HK" });
  await page.goto(program.origin);
  await page.getByLabel("密碼").fill("wrong");
  await page.getByRole("button", { name: "觀看" }).click();
  await page.getByRole("alert").getByText("密碼不正確。還可以再試 4 次。").waitFor();
  await page.getByRole("combobox", { name: "語言" }).selectOption("de");
  await page.getByLabel("Passwort").fill("open sesame");
  await page.getByRole("button", { name: "Ansehen" }).click();
  await playing(page);
  await page.goto(`${program.origin}/nowhere`);
  await page.getByRole("heading", { name: "Nicht gefunden: /nowhere" }).waitFor();
  await page.getByRole("link", { name: "Zurück zum Stream" }).click({ noWaitAfter: true });
  await playing(page);
});
