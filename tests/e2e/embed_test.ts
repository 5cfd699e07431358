/// <reference lib="dom" />
import assert from "node:assert/strict";
import { startProgram } from "../support/program.ts";
import { ADMIN_TOKEN, administer, chartClip, launchChromium, playing, watch } from "./support.ts";

Deno.test("the embedded player plays, says what is on, and leads to the whole page", async () => {
  const source = ["--source", await chartClip()];
  await using program = await startProgram([...source, `--admin-token=${ADMIN_TOKEN}`]);
  await using browser = await launchChromium();
  const options = { viewport: { width: 480, height: 270 } };
  const { page, complaints } = await watch(browser, program, options);
  await page.goto(`${program.origin}/embed`);
  await playing(page);
  assert(await page.getByText("Live", { exact: true }).isVisible());
  const box = await page.locator("#picture").boundingBox();
  assert.deepEqual([box?.width, box?.height], [480, 270], "it fills its frame");
  await administer(program, "title", { title: "Bird box" });
  const link = page.getByRole("link", { name: "Bird box" });
  await link.waitFor();
  assert.equal(await link.evaluate((a) => (a as HTMLAnchorElement).href), `${program.origin}/`);
  await administer(program, "on-air", { onAir: false });
  await page.locator("#cover").getByText("Off air").waitFor();
  assert.deepEqual(complaints, []);
});
