/// <reference lib="dom" />
import assert from "node:assert/strict";
import axe from "axe-core";
import { startProgram } from "../support/program.ts";
import {
  ADMIN_TOKEN,
  administer,
  chartClip,
  launchChromium,
  playing,
  say,
  violations,
  watch,
} from "./support.ts";

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

for (const colorScheme of ["dark", "light"] as const) {
  for (const [device, viewport] of Object.entries(SIZES)) {
    Deno.test(`watch page has no axe violations on a ${device} in ${colorScheme}`, async () => {
      const source = ["--source", await chartClip()];
      await using program = await startProgram([...source, `--admin-token=${ADMIN_TOKEN}`]);
      await using browser = await launchChromium();
      const { page } = await watch(browser, program, { viewport, colorScheme });
      await playing(page);
      await page.evaluate(axe.source);
      const check = async (state: string, part = "html") =>
        assert.deepEqual(await violations(page, part), [], state);

      for (const [i, name] of ["Ada", "Bo", "Cy"].entries()) {
        await fetch(`${program.origin}/chat`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            cookie: `viewer=0000000${i}-0000-4000-8000-000000000000`,
          },
          body: JSON.stringify({ name, text: "Hello" }),
        }).then((answer) => answer.body?.cancel());
      }
      await say(page, "1", "Dee");
      for (const text of ["2", "3", "4"]) await say(page, text);
      await page.getByText("You are sending messages too fast").first().waitFor();
      await page.locator("#show-statistics").click();
      await check("chat, a message that was refused, statistics");
      await page.locator("#show-emoji").click();
      await check("emoji", "#composer");
      await page.keyboard.press("Escape");
      for (const opener of ["share", "donate"]) {
        await page.locator(`#${opener}`).click();
        await check(opener, "dialog[open]");
        if (opener === "donate") await page.locator("#donate-submit").click();
        else await page.keyboard.press("Escape");
      }
      await page.getByText("♥ Dee donated").first().waitFor();
      await check("a donation", ".about, .celebration, .chat-bar");
      if (device === "phone") {
        await page.locator("#open-settings").click();
        await check("settings", "#settings");
        await page.locator("#close-settings").click();
      }
      await page.locator("#pause").click();
      await check("paused", ".screen");
      await administer(program, "on-air", { onAir: false });
      await page.locator("html[data-cover=off]").waitFor();
      await check("off air");
    });
  }
}
