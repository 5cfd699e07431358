/** Files of the project's folder, which an executable contains. */
const FILES = ["LICENSE", "THIRD_PARTY_LICENSES"];

/** Returns the program's licence, and those of all software of others in the executable. */
export async function readLicenses(): Promise<string> {
  const urls = FILES.map((name) => new URL(`../../${name}`, import.meta.url));
  return (await Promise.all(urls.map((url) => Deno.readTextFile(url)))).join("\n");
}
