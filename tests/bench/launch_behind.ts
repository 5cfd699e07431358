import type { Browser } from "playwright-core";
import { launchChromium } from "../e2e/browser.ts";
import { findProgram } from "../support/find_program.ts";
import type { Link } from "../support/watch_link.ts";

/**
 * Launches Chromium, behind a link if one is given. The stack closes it.
 *
 * @param args Additional arguments for Chromium.
 */
export async function launchBehind(
  link: Link | undefined,
  stack: AsyncDisposableStack,
  args: readonly string[] = [],
): Promise<Browser> {
  const launch = async () => {
    const browser = await launchChromium(args);
    stack.defer(() => browser.close());
    return browser;
  };
  if (!link) return await launch();
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
    return await launch();
  } finally {
    if (set === undefined) Deno.env.delete("CHROMIUM");
    else Deno.env.set("CHROMIUM", set);
  }
}
