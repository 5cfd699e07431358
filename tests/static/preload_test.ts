import assert from "node:assert/strict";
import { pageTemplate } from "../../src/http/pages/page_template.ts";
import { readStaticFiles } from "../../src/http/static_files.ts";

const STATIC = new URL("../../static/", import.meta.url);

/** As far as these tests need it, what `deno info --json` prints. */
interface ModuleInfo {
  readonly modules: readonly {
    readonly dependencies?: readonly { readonly code?: { readonly specifier: string } }[];
  }[];
}

/** Every module of ours that a page's script imports, directly or through others, as Deno finds them. */
async function modulesOf(script: string): Promise<string[]> {
  const info = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", new URL(script, STATIC).pathname],
    stderr: "inherit",
  });
  const { stdout } = await info.output();
  const { modules }: ModuleInfo = JSON.parse(new TextDecoder().decode(stdout));
  const imported = modules.flatMap(({ dependencies = [] }) =>
    dependencies.flatMap(({ code }) => code ? [code.specifier] : [])
  );
  const ours = imported.filter((module) => module.startsWith(STATIC.href));
  return [...new Set(ours.map((module) => module.slice(STATIC.href.length)))].sort();
}

for (
  const [page, script] of [
    ["index", "js/watch.js"],
    ["embed", "js/embed.js"],
    ["studio", "js/studio/studio.js"],
  ]
) {
  Deno.test(`${page}.html loads all its modules at once, not one after another`, async () => {
    const files = await readStaticFiles(STATIC);
    const html = new TextDecoder().decode(files.get(`/${page}.html`));
    const preloaded = pageTemplate(html, files)
      .matchAll(/<link rel="modulepreload" href="([^"]+)">/g);
    assert.deepEqual(Array.from(preloaded, ([, path]) => path), await modulesOf(script));
  });
}
