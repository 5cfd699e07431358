import type { Page } from "playwright-core";
import { playing } from "../../e2e/watch_page.ts";
import { perceived, probe } from "../../support/sound_probe.ts";
import { until } from "../../support/until.ts";
import type { Link } from "../../support/watch_link.ts";
import { launchBehind } from "../launch_behind.ts";

/** A watch page that plays sound, and notes what its viewer sees and hears. */
export interface ListeningPage extends AsyncDisposable {
  readonly page: Page;
}

/** Opens the watch page, behind a link if one is given, and turns the sound on. */
export async function openListeningPage(port: number, link?: Link): Promise<ListeningPage> {
  await using stack = new AsyncDisposableStack();
  const origin = `http://${link?.host ?? "localhost"}:${port}`;
  const browser = await launchBehind(link, stack);
  const context = await browser.newContext();
  await probe(context);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(origin, { waitUntil: "commit" });
  await playing(page);
  await page.locator("#mute").click();
  const hears = async () => (await perceived(page)).heard;
  await until("the page to hear", hears, Boolean, { timeout: 60_000 });
  const own = stack.move();
  return { page, [Symbol.asyncDispose]: () => own.disposeAsync() };
}
