import assert from "node:assert/strict";
import { modulePreloads } from "../../../src/http/pages/module_preloads.ts";

const files = (texts: Readonly<Record<string, string>>) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)]));

const PAGE = '<script type="module" src="js/a.js"></script>';

/** The links for a page that starts `js/a.js`. */
const preloaded = (texts: Readonly<Record<string, string>>) =>
  modulePreloads(PAGE, files(texts)).split("\n");

const link = (path: string) => `<link rel="modulepreload" href="${path}">`;

Deno.test("module preloads name each module once, through cycles and folders", () => {
  const links = preloaded({
    "/js/a.js": 'import { b } from "./b.js";\nimport {\n  c,\n  d,\n} from "./deep/c.js";\n',
    "/js/b.js": 'import "./deep/c.js";\n',
    "/js/deep/c.js": 'export { e } from "../e.js";\nimport { b } from "../b.js";\n',
    "/js/e.js": 'import { a } from "./a.js";\n',
  });
  assert.deepEqual(links, ["js/a.js", "js/b.js", "js/deep/c.js", "js/e.js"].map(link));
});

Deno.test("module preloads leave out what loads later or is no import", () => {
  const links = preloaded({
    "/js/a.js": [
      'import { b } from "./b.js";',
      'export const text = "./text.js";',
      'const late = await import("./late.js");',
      'new Worker(new URL("./worker.js", import.meta.url));',
      '/** @typedef {import("./types.js").T} T */',
    ].join("\n"),
    "/js/b.js": "",
  });
  assert.deepEqual(links, [link("js/b.js")]);
});

Deno.test("module preloads of a page without modules are empty", () => {
  assert.equal(modulePreloads("<p>Hello</p>", files({})), "");
});

Deno.test("module preloads refuse an import that leads nowhere", () => {
  const broken = { "/js/a.js": 'import { b } from "./b.js";' };
  assert.throws(() => preloaded(broken), /^NotFound: static\/js\/b.js is missing$/);
});
