import assert from "node:assert/strict";
import { spriteOf } from "../../../src/http/pages/icons.ts";
import { readStaticFiles } from "../../../src/http/static_files.ts";

const symbol = (id: string) =>
  `<symbol id="icon-${id}" viewBox="0 0 24 24"><path d="M0 0Z"/></symbol>`;

const FILES = new Map([[
  "/img/icons.svg",
  new TextEncoder().encode(
    `<svg>\n${symbol("heart")}\n${symbol("play")}\n${symbol("send")}\n</svg>`,
  ),
]]);

const use = (id: string) => `<svg><use xlink:href="#icon-${id}" /></svg>`;

Deno.test("a page gets each icon that it uses once, and no other", () => {
  const html = use("send") + use("heart") + use("send");
  const sprite = `<svg hidden>${symbol("send")}${symbol("heart")}</svg>`;
  assert.equal(spriteOf(html, FILES), sprite);
});

Deno.test("a page without icons gets no sprite", () => {
  assert.equal(spriteOf("<p>Hello</p>", FILES), "");
});

Deno.test("an icon that the sprite does not have is refused", () => {
  assert.throws(() => spriteOf(use("hart"), FILES), /icons\.svg has no icon "icon-hart"/);
});

Deno.test("the sprite has no icon that no page uses", async () => {
  const files = await readStaticFiles(new URL("../../../static/", import.meta.url));
  const text = (path: string) => new TextDecoder().decode(files.get(path));
  const pages = [...files.keys()].filter((path) => path.endsWith(".html")).map(text).join("");
  const ids = text("/img/icons.svg").matchAll(/<symbol id="([^"]+)"/g);
  const unused = Array.from(ids, ([, id]) => id).filter((id) => !pages.includes(`"#${id}"`));
  assert.deepEqual(unused, []);
});
