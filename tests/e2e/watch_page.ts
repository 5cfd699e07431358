/// <reference lib="dom" />
import type { BrowserContextOptions, Page } from "playwright-core";
import type { Program } from "../support/program.ts";
import { type Contexts, type OpenedPage, openPage } from "./browser.ts";

/** Opens the watch page as a new viewer. */
export async function watch(
  browser: Contexts,
  { origin }: Program,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const opened = await openPage(browser, options);
  // Without JavaScript the page never finishes loading, because its image never ends.
  await opened.page.goto(origin, { waitUntil: "commit" });
  return opened;
}

/** Waits until the page paints the stream, and its other scripts have started. */
export async function playing(page: Page): Promise<void> {
  await page.locator("html[data-player=playing][data-scripts=started]").waitFor();
}

/** Opens the watch page as a new viewer, and waits until it paints the stream. */
export async function watchPlaying(
  browser: Contexts,
  program: Program,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const opened = await watch(browser, program, options);
  await playing(opened.page);
  return opened;
}

/** Returns the quality that the page shows. */
export async function shownQuality(page: Page): Promise<number> {
  return Number(await page.getByRole("meter", { name: "Quality" }).getAttribute("aria-valuenow"));
}

/** Makes the page believe that its tab is hidden or visible. */
export function setHidden(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

/** Donates the suggested amount through the page's dialog. */
export async function donate(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Donate" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Donate" }).click();
  await page.getByRole("button", { name: "Donate Success!!" }).waitFor();
}

/** Writes a chat message through the page, with a name if the viewer has none yet. */
export async function say(page: Page, text: string, name?: string): Promise<void> {
  if (name !== undefined) await page.getByRole("textbox", { name: "Your name" }).fill(name);
  const message = page.getByRole("textbox", { name: "Message" });
  await message.fill(text);
  await message.press("Enter");
}

/** Posts a message as the page's viewer through the HTTP API. Returns the server's response. */
export function sayAs(page: Page, name: string, text: string): Promise<{ status: number }> {
  return page.evaluate(async (message) => {
    const response = await fetch("/chat", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
    });
    await response.text();
    return { status: response.status };
  }, { name, text });
}

/** Returns the confirmed messages on the page, oldest first: `Ada: hello`. */
export function chatOf(page: Page): Promise<string[]> {
  return page.locator(".message[data-status=sent]").evaluateAll((messages) =>
    messages.map((message) => {
      const textOf = (part: string) => message.querySelector(`.message-${part}`)?.textContent;
      return `${textOf("name")}: ${textOf("text")}`;
    })
  );
}
