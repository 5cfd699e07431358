const MAKEFILE = new URL("../../Makefile", import.meta.url);

/** The flags that `make run` gives Deno and that the executable is compiled with. */
export async function productPermissions(): Promise<string[]> {
  const text = (await Deno.readTextFile(MAKEFILE)).replaceAll("\\\n", " ");
  const [, flags] = /^PERMISSIONS := (.*)$/m.exec(text) ?? [];
  if (flags === undefined) throw new Error("The Makefile has no PERMISSIONS");
  return flags.replaceAll("'", "").trim().split(/\s+/);
}
