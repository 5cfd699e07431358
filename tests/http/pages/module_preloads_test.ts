import assert from "node:assert/strict";
import { modulePreloads, modulesOf } from "../../../src/http/pages/module_preloads.ts";

const files = (texts: Readonly<Record<string, string>>) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)]));

const PAGE = '<script type="module" src="js/a.js"></script>';

/** The links for a page that starts `js/a.js`. */
const preloaded = (texts: Readonly<Record<string, string>>) =>
  modulePreloads(modulesOf(PAGE, files(texts)).imported).split("\n");

const link = (path: string) => `<link rel="modulepreload" href="${path}">`;

Deno.test("module preloads name each module once, through cycles and folders", () => {
  const links = preloaded({
    "/js/a.js": 'import { b } from "./b.js";\nimport {\n  c,\n  d,\n} from "./deep/c.js";\n',
    "/js/b.js": 'import "./deep/c.js";\n',
    "/js/deep/c.js": 'export { e } from "../e.js";\nimport { b } from "../b.js";\n',
    "/js/e.js": 'import { a } from "./a.js";\n',
  });
  assert.deepEqual(links, ["js/b.js", "js/deep/c.js", "js/e.js", "js/a.js"].map(link));
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
    "/js/late.js": "",
  });
  assert.deepEqual(links, [link("js/b.js")]);
});

Deno.test("modules that load later are known with all that they import", () => {
  const { imported, later } = modulesOf(
    PAGE,
    files({
      "/js/a.js": [
        'import { b } from "./b.js";',
        '/** @typedef {import("./types.js").T} T @type {typeof import("./types.js").U} */',
        'import("./late.js").then((late) => late());',
      ].join("\n"),
      "/js/b.js": 'const { d } = await import("./d.js");',
      "/js/late.js": 'import { b } from "./b.js";\nimport { c } from "./c.js";',
      "/js/c.js": 'import("./late.js");\nimport("./e.js");',
      "/js/d.js": "",
      "/js/e.js": "",
    }),
  );
  assert.deepEqual([...imported], ["/js/b.js"]);
  assert.deepEqual([...later].sort(), ["/js/c.js", "/js/d.js", "/js/e.js", "/js/late.js"]);
});

Deno.test("modules that only scripts in a template import are postponed", () => {
  const { started, imported, postponed, later } = modulesOf(
    `<template><script type="module" src="js/page.js"></script></template>${PAGE}`,
    files({
      "/js/a.js": 'import "./b.js";',
      "/js/b.js": "",
      "/js/page.js": 'import "./b.js";\nimport "./a.js";\nimport "./c.js";',
      "/js/c.js": 'import("./d.js");',
      "/js/d.js": 'import "./c.js";',
    }),
  );
  assert.deepEqual(started, ["/js/a.js", "/js/page.js"]);
  assert.deepEqual([...imported], ["/js/b.js"]);
  assert.deepEqual([...postponed], ["/js/a.js", "/js/c.js"]);
  assert.deepEqual([...later], ["/js/d.js"]);
});

Deno.test("module preloads of a page without modules are empty", () => {
  assert.equal(modulePreloads(modulesOf("<p>Hello</p>", files({})).imported), "");
});

Deno.test("module preloads refuse an import that leads nowhere", () => {
  const broken = { "/js/a.js": 'import { b } from "./b.js";' };
  assert.throws(() => preloaded(broken), /^NotFound: static\/js\/b.js is missing$/);
});
