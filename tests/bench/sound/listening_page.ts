import type { Page } from "playwright-core";
import { launchChromium } from "../../e2e/browser.ts";
import { playing } from "../../e2e/watch_page.ts";
import { perceived, probe } from "../../support/sound_probe.ts";
import { until } from "../../support/until.ts";
import type { Link } from "../../support/watch_link.ts";
import { findProgram } from "../../support/find_program.ts";

/** A watch page that plays sound, and notes what its viewer sees and hears. */
export interface ListeningPage extends AsyncDisposable {
  readonly page: Page;
}

/** Opens the watch page, behind a link if one is given, and turns the sound on. */
export async function openListeningPage(port: number, link?: Link): Promise<ListeningPage> {
  await using stack = new AsyncDisposableStack();
  const origin = `http://${link?.host ?? "localhost"}:${port}`;
  const browser = await launchBehind(link, stack);
  stack.defer(() => browser.close());
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

async function launchBehind(link: Link | undefined, stack: AsyncDisposableStack) {
  if (!link) return await launchChromium();
  const chromium = Deno.env.get("CHROMIUM") ?? findProgram("chromium-headless-shell") ??
    findProgram("chromium");
  if (chromium === null) throw new Error("Set CHROMIUM to run a browser behind a link");
  const script = await Deno.makeTempFile({ suffix: ".sh" });
  stack.defer(() => Deno.remove(script));
  const [command, before] = link.command(chromium);
  await Deno.writeTextFile(script, `#!/bin/sh\nexec ${[command, ...before].join(" ")} "$@"\n`);
  await Deno.chmod(script, 0o700);
  const set = Deno.env.get("CHROMIUM");
  Deno.env.set("CHROMIUM", script);
  try {
    return await launchChromium();
  } finally {
    if (set === undefined) Deno.env.delete("CHROMIUM");
    else Deno.env.set("CHROMIUM", set);
  }
}
