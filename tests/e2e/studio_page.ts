import type { BrowserContextOptions, Page } from "playwright-core";
import type { Program } from "../support/program.ts";
import { type Contexts, type OpenedPage, openPage } from "./browser.ts";
import { ADMIN_TOKEN } from "../support/requests.ts";
import { sayAs, watchPlaying } from "./watch_page.ts";

/** Opens the studio at the address that the program prints. */
export async function openStudio(
  browser: Contexts,
  { origin }: Pick<Program, "origin">,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const opened = await openPage(browser, options);
  await opened.page.goto(`${origin}/studio#${ADMIN_TOKEN}`);
  await opened.page.locator("html[data-studio=open]").waitFor();
  return opened;
}

/** Opens the moderation menu of a message and chooses an action. */
export async function moderate(studio: Page, text: string, action: string): Promise<void> {
  const message = studio.getByRole("listitem").filter({ hasText: text });
  await message.getByRole("button", { name: /^Moderate / }).click();
  await message.getByRole("button", { name: action, exact: true }).click();
}

/** Opens the watch page of a viewer whom the studio deals with, and records its requests. */
export async function watching(browser: Contexts, program: Program, name?: string) {
  const viewer = await watchPlaying(browser, program);
  if (name !== undefined) await sayAs(viewer.page, name, `${name} is here`);
  const streams: string[] = [];
  viewer.page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/stream") streams.push(request.url());
  });
  const sockets: string[] = [];
  viewer.page.on("websocket", (socket) => sockets.push(socket.url()));
  return { ...viewer, streams, sockets };
}
