import assert from "node:assert/strict";
import { pageTemplate } from "../../src/http/pages/page_template.ts";
import { Languages } from "../../src/http/pages/languages.ts";
import { readStaticFiles } from "../../src/http/static_files.ts";

const STATIC = new URL("../../static/", import.meta.url);

/** As far as these tests need it, what `deno info --json` prints. */
interface ModuleInfo {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier: string };
      readonly isDynamic?: boolean;
    }[];
  }[];
}

/**
 * Every module of ours that a page's script imports, directly or through others, as Deno finds them; without those that load
 * only when needed.
 */
async function modulesOf(script: string): Promise<string[]> {
  const info = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", new URL(script, STATIC).pathname],
    stderr: "inherit",
  });
  const { stdout } = await info.output();
  const { modules }: ModuleInfo = JSON.parse(new TextDecoder().decode(stdout));
  const byUrl = new Map(modules.map((module) => [module.specifier, module]));
  const imported = new Set<string>();
  const visit = (url: string) => {
    for (const { code, isDynamic } of byUrl.get(url)?.dependencies ?? []) {
      if (!code || isDynamic || imported.has(code.specifier)) continue;
      imported.add(code.specifier);
      visit(code.specifier);
    }
  };
  visit(new URL(script, STATIC).href);
  const ours = [...imported].filter((module) =>
    module.startsWith(STATIC.href) && module.endsWith(".js")
  );
  return ours.map((module) => module.slice(STATIC.href.length)).sort();
}

for (
  const [page, script] of [
    ["index", "js/watch.js"],
    ["embed", "js/embed.js"],
    ["studio", "js/studio/studio.js"],
    ["banned", "js/banned.js"],
    ["login", "js/language_menu.js"],
  ]
) {
  Deno.test(`${page}.html loads all its modules at once, not one after another`, async () => {
    const files = await readStaticFiles(STATIC);
    const html = new TextDecoder().decode(files.get(`/${page}.html`));
    const { all } = new Languages(files);
    const preloaded = pageTemplate(html, files, all)(all[0])
      .matchAll(/<link rel="modulepreload" href="([^"]+)">/g);
    const paths = Array.from(preloaded, ([, path]) => path);
    assert.deepEqual(paths.sort(), await modulesOf(script));
  });
}
