import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { DOCUMENTS, ROOT } from "./documents.ts";

/** A page of the repository on GitHub, as seen from its files. */
const ON_GITHUB = /^(\.\.\/){2,3}(releases\/latest|security\/advisories\/new)$/;

/** Returns a page without its code. */
const prose = (text: string): string => text.replaceAll(/^ *```.*?^ *```|`[^`\n]*`/gms, "");

/** Returns where the links and pictures of a page lead, except to other sites. */
function targetsOf(text: string): string[] {
  const targets = [...prose(text).matchAll(/\]\(([^)\s]+)\)|<img src="([^"]+)"/g)];
  return targets.map(([, link, image]) => link ?? image).filter((target) => !/^\w+:/.test(target));
}

/** Returns the anchors that GitHub gives a page's headings. */
function anchorsOf(text: string): string[] {
  const headings = text.replaceAll(/^ *```.*?^ *```/gms, "").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading]) =>
    heading.toLowerCase().replaceAll(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-")
  );
}

for (const [page, text] of DOCUMENTS) {
  Deno.test(`links of ${page} lead to files and headings that exist`, async () => {
    for (const target of targetsOf(text)) {
      if (ON_GITHUB.test(target)) continue;
      const [path, anchor] = target.split("#");
      const file = path ? join(dirname(page), path) : page;
      await Deno.stat(ROOT + file).catch(() => assert.fail(`${page}: ${target} does not exist`));
      if (anchor === undefined) continue;
      const linked = DOCUMENTS.get(file) ?? assert.fail(`${page}: ${target} is no Markdown page`);
      assert.ok(anchorsOf(linked).includes(anchor), `${page}: no heading for ${target}`);
    }
  });
}

Deno.test("documentation index links every page of docs", () => {
  const linked = targetsOf(DOCUMENTS.get("docs/README.md")!).map((target) => `docs/${target}`);
  const pages = [...DOCUMENTS.keys()].filter((page) => page.startsWith("docs/"));
  assert.deepEqual(pages.filter((page) => !linked.includes(page)), ["docs/README.md"]);
});

Deno.test("README has at most 150 lines", () => {
  const lines = DOCUMENTS.get("README.md")!.trimEnd().split("\n").length;
  assert.ok(lines <= 150, `${lines} lines`);
});
