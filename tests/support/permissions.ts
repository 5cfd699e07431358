const MAKEFILE = new URL("../../Makefile", import.meta.url);

/** The permission flags of `make run` and the executable. */
export async function productPermissions(): Promise<string[]> {
  const text = (await Deno.readTextFile(MAKEFILE)).replaceAll("\\\n", " ");
  const [, flags] = /^PERMISSIONS := (.*)$/m.exec(text) ?? [];
  if (flags === undefined) throw new Error("The Makefile has no PERMISSIONS");
  return flags.replaceAll("'", "").trim().split(/\s+/);
}
