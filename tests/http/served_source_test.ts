import assert from "node:assert/strict";
import { parse } from "acorn";
import { servedSource } from "../../src/http/served_source.ts";
import { readStaticFiles, textOf } from "../../src/http/static_files.ts";

const files = await readStaticFiles(new URL("../../static/", import.meta.url));

/** The program that a script is, without the places of its parts. */
function programOf(script: string): unknown {
  const program = parse(script, { ecmaVersion: "latest", sourceType: "module" });
  return JSON.parse(
    JSON.stringify(program, (key, value) => /^(?:start|end)$/.test(key) ? undefined : value),
  );
}

Deno.test("every script is the same program without its comments, on the same lines", () => {
  let saved = 0;
  for (const path of files.keys()) {
    if (!path.endsWith(".js")) continue;
    const source = textOf(files, path);
    const served = servedSource(source);
    assert.deepEqual(programOf(served), programOf(source), path);
    assert.equal(served.split("\n").length, source.split("\n").length, path);
    saved += source.length - served.length;
  }
  assert.ok(saved > 10_000, `${saved} characters`);
});

Deno.test("style sheets keep everything but their comments", () => {
  const source =
    '/* Layers */\na {\n  /* One\n  two */\n  content: "/* not me */"; /* stays */\n}\n';
  const served = '\na {\n\n\n  content: "/* not me */"; /* stays */\n}\n';
  assert.equal(servedSource(source), served);
  for (const path of files.keys()) {
    if (!path.endsWith(".css")) continue;
    const bare = (css: string) => css.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ").trim();
    assert.equal(bare(servedSource(textOf(files, path))), bare(textOf(files, path)), path);
  }
});

Deno.test("a string or template that looks like a comment stays", () => {
  const cast = "/** @type {X} */ (a);\n/* b */\n";
  assert.equal(servedSource(cast), "/** @type {X} */ (a);\n\n");
  const source = 'const a = "/* b */";\nconst c = "// d"; // e\n';
  assert.equal(servedSource(source), source);
});

Deno.test("the copy of the Opus decoder keeps its notice, and its code as it is", () => {
  const source = textOf(files, "/js/sound/opus-decoder.min.js");
  assert.match(source, /^\/\* Copyright /);
  assert.ok(servedSource(source) === source.replace(/^\/\/# sourceMappingURL=.*/m, ""));
});
