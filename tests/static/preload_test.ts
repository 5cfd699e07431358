import assert from "node:assert/strict";

const STATIC = new URL("../../static/", import.meta.url);

/** The modules that a module imports, they themselves, and so on, as the page names them. */
async function modulesOf(path: string, found = new Set<string>()): Promise<Set<string>> {
  const url = new URL(path, STATIC);
  for (const [, name] of (await Deno.readTextFile(url)).matchAll(/^import [^;]*"(\.[^"]+)";$/gm)) {
    const imported = new URL(name, url).href.slice(STATIC.href.length);
    if (found.has(imported)) continue;
    found.add(imported);
    await modulesOf(imported, found);
  }
  return found;
}

Deno.test("the watch page asks for all its modules at once, not one after another", async () => {
  const page = await Deno.readTextFile(new URL("index.html", STATIC));
  const preloaded = [...page.matchAll(/<link rel="modulepreload" href="([^"]+)">/g)];
  assert.deepEqual(
    preloaded.map(([, path]) => path),
    [...await modulesOf("js/watch.js")].sort(),
  );
});
