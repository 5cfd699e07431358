import type { Page, ViewportSize } from "playwright-core";

/** Shows an open page at each size, dark and light, then as it was. */
export async function inEachLook<Device extends string>(
  page: Page,
  sizes: Readonly<Record<Device, ViewportSize>>,
  check: (device: Device, colorScheme: "dark" | "light") => Promise<void>,
): Promise<void> {
  const viewport = page.viewportSize()!;
  for (const device in sizes) {
    await page.setViewportSize(sizes[device]);
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await check(device, colorScheme);
    }
  }
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme: null });
}
