import { type StaticFiles, textOf } from "../static_files.ts";

/** The scripts that a page starts as modules. */
const ENTRY = /<script type="module" src="([^"]+)">/g;

/** Static imports of our own modules. Workers and dynamic imports load later. */
const IMPORT = /^(?:import|export) (?:[^;"]* from )?"(\.[^"]+)";$/gm;

/**
 * Returns a `modulepreload` link for every module that a page's scripts import, directly or through
 * others. Browsers then fetch them all at once, rather than one level of imports after the other.
 * The addresses are relative to the page.
 */
export function modulePreloads(html: string, files: StaticFiles): string {
  const imported = new Set<string>();
  const visit = (path: string) => {
    for (const [, specifier] of textOf(files, path).matchAll(IMPORT)) {
      const { pathname } = new URL(specifier, `file://${path}`);
      if (imported.has(pathname)) continue;
      imported.add(pathname);
      visit(pathname);
    }
  };
  for (const [, src] of html.matchAll(ENTRY)) visit(`/${src}`);
  return Array.from(imported, (path) => `<link rel="modulepreload" href="${path.slice(1)}">`)
    .sort()
    .join("\n");
}
