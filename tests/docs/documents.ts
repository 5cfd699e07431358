/** The repository's root; ends with `/`. */
export const ROOT = new URL("../../", import.meta.url).pathname;

/** Every Markdown page: its path from the root, and its text. */
export const DOCUMENTS: ReadonlyMap<string, string> = new Map(
  ["", "docs/", ".github/"].flatMap((folder) => {
    const pages = [...Deno.readDirSync(ROOT + folder)].filter(({ name }) => name.endsWith(".md"));
    return pages.map(({ name }) => [folder + name, Deno.readTextFileSync(ROOT + folder + name)]);
  }),
);

/** Returns a page of `docs/`. */
export function documentOf(name: string): string {
  const text = DOCUMENTS.get(`docs/${name}`);
  if (text === undefined) throw new Error(`docs/${name} does not exist`);
  return text;
}
