import { type StaticFiles, textOf } from "../static_files.ts";

/** The scripts that a page starts as modules. */
const ENTRY = /<script type="module" src="([^"]+)">/g;

/** What a page inserts into itself later. */
const TEMPLATE = /<template\b.*?<\/template>/gs;

/** Static imports of our own modules. Workers load later. */
const IMPORT = /^(?:import|export) (?:[^;"]* from )?"(\.[^"]+)";$/gm;

/** Dynamic imports of our own modules, but neither the types that comments import nor modules that come with their texts. */
const LATER = /(?<!\{ *(?:typeof )?|withTexts\(\(\) =>\s*)\bimport\("(\.[^"]+)"\)[.;,)]/g;

/** The paths of a page's modules. */
export interface PageModules {
  /** Those that it starts. */
  readonly started: readonly string[];
  /** Those that these import, directly or through others, in the order of the scripts. */
  readonly imported: ReadonlySet<string>;
  /** Those that only the scripts in its `<template>` elements import. The page starts them later. */
  readonly postponed: ReadonlySet<string>;
  /** Those that they import only when they need them, and what these import. */
  readonly later: ReadonlySet<string>;
}

function entriesOf(html: string): string[] {
  return Array.from(html.matchAll(ENTRY), ([, src]) => `/${src}`);
}

/** Returns the modules of a page. */
export function modulesOf(html: string, files: StaticFiles): PageModules {
  const templates = Array.from(html.matchAll(TEMPLATE), ([template]) => template).join("");
  const [first, second] = [entriesOf(html.replace(TEMPLATE, "")), entriesOf(templates)];
  const imported = new Set<string>();
  const postponed = new Set<string>();
  for (const path of first) visit(path, imported);
  for (const path of second) visit(path, postponed);
  const started = [...first, ...second];
  const later = new Set<string>();
  // Grows while it is read.
  const all = [...started, ...imported, ...postponed];
  for (const path of all) {
    for (const module of importsOf(path, LATER)) {
      if (isKnown(module) || later.has(module)) continue;
      later.add(module);
      visit(module, later);
      all.push(...later);
    }
  }
  return { started, imported, postponed, later };

  function isKnown(path: string): boolean {
    return imported.has(path) || postponed.has(path);
  }

  function visit(path: string, found: Set<string>): void {
    for (const module of importsOf(path, IMPORT)) {
      if (isKnown(module) || found.has(module)) continue;
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
 * Returns a `modulepreload` link for every one of these modules, which a page's scripts import at once. Browsers then fetch
 * them all at once, rather than one level of imports after the other. The addresses are relative to the page.
 */
export function modulePreloads(modules: ReadonlySet<string>): string {
  return Array.from(modules, (path) => `<link rel="modulepreload" href="${path.slice(1)}">`)
    .join("\n");
}
