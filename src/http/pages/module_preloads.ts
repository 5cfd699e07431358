import { type StaticFiles, textOf } from "../static_files.ts";

/** The scripts that a page starts as modules. */
const ENTRY = /<script type="module" src="([^"]+)">/g;

/** Static imports of our own modules. Workers load later. */
const IMPORT = /^(?:import|export) (?:[^;"]* from )?"(\.[^"]+)";$/gm;

/** Dynamic imports of our own modules, but not the types that comments import. */
const LATER = /(?<!\{ *(?:typeof )?)\bimport\("(\.[^"]+)"\)[.;,)]/g;

/** The paths of a page's modules. */
export interface PageModules {
  /** Those that it starts. */
  readonly started: readonly string[];
  /** Those that they import, directly or through others. */
  readonly imported: ReadonlySet<string>;
  /** Those that they import only when they need them, and what these import. */
  readonly later: ReadonlySet<string>;
}

/** Returns the modules of a page. */
export function modulesOf(html: string, files: StaticFiles): PageModules {
  const started = Array.from(html.matchAll(ENTRY), ([, src]) => `/${src}`);
  const imported = new Set<string>();
  for (const path of started) visit(path, imported);
  const later = new Set<string>();
  // Grows while it is read.
  const all = [...started, ...imported];
  for (const path of all) {
    for (const module of importsOf(path, LATER)) {
      if (imported.has(module) || later.has(module)) continue;
      later.add(module);
      visit(module, later);
      all.push(...later);
    }
  }
  return { started, imported, later };

  function visit(path: string, found: Set<string>): void {
    for (const module of importsOf(path, IMPORT)) {
      if (imported.has(module) || found.has(module)) continue;
      found.add(module);
      visit(module, found);
    }
  }

  function importsOf(path: string, pattern: RegExp): string[] {
    const matches = textOf(files, path).matchAll(pattern);
    return Array.from(matches, ([, specifier]) => new URL(specifier, `file://${path}`).pathname);
  }
}

/**
 * Returns a `modulepreload` link for every module that a page's scripts import at once. Browsers then fetch them
 * all at once, rather than one level of imports after the other. The addresses are relative to the page.
 */
export function modulePreloads({ imported }: PageModules): string {
  return Array.from(imported, (path) => `<link rel="modulepreload" href="${path.slice(1)}">`)
    .sort()
    .join("\n");
}
