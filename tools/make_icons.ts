/*
 * Writes the icons that browsers want as PNG or ICO, drawn from static/favicon.svg by Chromium.
 * Run `tools/deno run --allow-all tools/make_icons.ts` after changing the drawing.
 */
import { launchChromium } from "../tests/e2e/browser.ts";

const STATIC = new URL("../static/", import.meta.url);

const svg = await Deno.readTextFile(new URL("favicon.svg", STATIC));
/** Without round corners, for systems that cut icons into shapes of their own. */
const whole = svg.replace(/ rx="18"/, "");

const browser = await launchChromium();

async function draw(svg: string, size: number): Promise<Uint8Array> {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`,
  );
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}

/** Returns an ICO file with one picture, as PNG. */
function icoOf(png: Uint8Array, size: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(22));
  header.setUint16(2, 1, true); // an icon
  header.setUint16(4, 1, true); // with one picture
  header.setUint8(6, size);
  header.setUint8(7, size);
  header.setUint16(10, 1, true); // plane
  header.setUint16(12, 32, true); // bits a pixel
  header.setUint32(14, png.length, true);
  header.setUint32(18, header.byteLength, true);
  return new Uint8Array([...new Uint8Array(header.buffer), ...png]);
}

const files = {
  "img/icon_192.png": await draw(svg, 192),
  "img/icon_512.png": await draw(svg, 512),
  "img/icon_maskable.png": await draw(whole, 512),
  "img/icon_apple.png": await draw(whole, 180),
  "favicon.ico": icoOf(await draw(svg, 32), 32),
};
await browser.close();
for (const [name, bytes] of Object.entries(files)) {
  await Deno.writeFile(new URL(name, STATIC), bytes);
}
