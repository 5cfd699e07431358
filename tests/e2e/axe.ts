/// <reference lib="dom" />
import axe from "axe-core";
import type { Page, ViewportSize } from "playwright-core";
import { inEachLook } from "./looks.ts";

/** The default rules whose result depends on colours. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/** Returns axe's violations in a part of the page, as `color-contrast: .tool, .badge`. */
export async function violations(
  page: Page,
  part = "html",
  rules: "all" | "colour" = "all",
): Promise<string[]> {
  // Animations must have finished.
  await page.evaluate(() =>
    Promise.allSettled(
      document.getAnimations().filter((animation) =>
        animation.effect?.getComputedTiming().iterations === 1
      ).map((animation) => animation.finished),
    )
  );
  // Injected through the debugger, which the page's content policy does not block.
  if (await page.evaluate(() => !("axe" in globalThis))) await page.evaluate(axe.source);
  return await page.evaluate(async ([part, runOnly]) => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { passes, violations } = await axe.run(
      part,
      runOnly ? { runOnly } : {},
    );
    if (part === "html" && !runOnly && passes.length < 15) {
      return [`only ${passes.length} rules apply`];
    }
    return violations.map(({ id, nodes }) =>
      `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`
    );
  }, [part, rules === "colour" ? COLOUR_RULES : null] as const);
}

/**
 * Returns axe's violations in each look of a part of the page. Light mode changes nothing but
 * colours, so only the rules about colours are checked again there.
 */
export async function violationsInEachLook(
  page: Page,
  sizes: Readonly<Record<string, ViewportSize>>,
  part?: string,
): Promise<string[]> {
  const found: string[] = [];
  await inEachLook(page, sizes, async (device, colorScheme) => {
    const rules = colorScheme === "dark" ? "all" : "colour";
    const here = await violations(page, part, rules);
    found.push(...here.map((violation) => `${device}, ${colorScheme}: ${violation}`));
  });
  return found;
}
