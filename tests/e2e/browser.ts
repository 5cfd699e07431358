import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { findProgram } from "../support/find_program.ts";

const ARGS = [
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where pages open, each in a context with its own cookies. */
export type Contexts = Pick<Browser, "newContext">;

/** A page in a browser context of its own, which is closed with it. */
export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  /** Script errors, and files or requests that were refused. */
  readonly complaints: string[];
}

/**
 * Launches the Chromium that `CHROMIUM` names, the system's, or else the one Playwright installed.
 *
 * @param args Additional arguments for Chromium.
 */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const executablePath = Deno.env.get("CHROMIUM") ?? systemChromium();
  return chromium.launch({ args: [...ARGS, ...args], executablePath });
}

/**
 * Launches Chromium once for all tests of the calling file. What a test opens is closed when the
 * test ends, so that no page goes on playing beside the next test.
 *
 * @param args Additional arguments for Chromium.
 */
export function sharedChromium(args: readonly string[] = []): Contexts {
  // What outlives a test, such as Playwright's timers and the log of a shared program, would count
  // as a leak.
  Deno.test.sanitizer({ ops: false, resources: true });
  let launched: Promise<Browser>;
  Deno.test.beforeAll(async () => {
    launched = launchChromium(args);
    // This also runs if all tests are skipped. A test that needs a missing Chromium will fail.
    await launched.catch(() => {});
  });
  Deno.test.afterEach(async () => {
    const browser = await launched;
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  Deno.test.afterAll(() => launched.then((browser) => browser.close(), () => {}));
  return { newContext: async (options) => await (await launched).newContext(options) };
}

/** Opens an empty page as a new visitor. */
export async function openPage(
  browser: Contexts,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  return await openTab(await browser.newContext(options));
}

/** Opens an empty page as a visitor who may have others open. */
export async function openTab(context: BrowserContext): Promise<OpenedPage> {
  const page = await context.newPage();
  // Beside other tests a page can take three times as long as alone.
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

// The headless shell is Chromium without the windows, which cost half of its processor time.
function systemChromium(): string | undefined {
  for (const name of ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]) {
    const path = findProgram(name);
    if (path !== null) return path;
  }
}
