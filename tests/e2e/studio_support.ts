/// <reference lib="dom" />
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { movingClip } from "../support/clips.ts";
import { type Program, startProgram } from "../support/program.ts";
import { ADMIN_TOKEN, playing, watch, type Watcher } from "./support.ts";

/** Starts the program with a moving picture and without a data file. `args` are added. */
export async function startChannel(...args: string[]): Promise<Program> {
  const source = `--source=${(await movingClip()).path}`;
  return await startProgram([source, `--admin-token=${ADMIN_TOKEN}`, "--data=:memory:", ...args]);
}

/** Opens the studio at the address that the program prints. */
export async function openStudio(
  browser: Browser,
  { origin }: Program,
  options: BrowserContextOptions = {},
): Promise<Watcher> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(`${origin}/studio#${ADMIN_TOKEN}`);
  await page.locator("html[data-studio=open]").waitFor();
  return { page, complaints };
}

/** Opens a viewer's watch page and records its requests. */
export async function watching(browser: Browser, program: Program, name?: string) {
  const viewer = await watch(browser, program);
  await playing(viewer.page);
  if (name !== undefined) await sayAs(viewer.page, name, `${name} is here`);
  const streams: string[] = [];
  viewer.page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/stream") streams.push(request.url());
  });
  const sockets: string[] = [];
  viewer.page.on("websocket", (socket) => sockets.push(socket.url()));
  return { ...viewer, streams, sockets };
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

/** Opens the moderation menu of a message and chooses an action. */
export async function moderate(studio: Page, text: string, action: string): Promise<void> {
  const message = studio.getByRole("listitem").filter({ hasText: text });
  await message.getByRole("button", { name: /^Moderate / }).click();
  await message.getByRole("button", { name: action, exact: true }).click();
}
