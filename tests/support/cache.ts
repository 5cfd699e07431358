const FOLDER = new URL("../../.cache/tests/", import.meta.url);

/**
 * Returns the path of a cached file that takes long to make and is the same each time.
 *
 * @param name File name; change it when the content changes.
 * @param make Writes the file to the given path. Called only if the file does not exist.
 */
export async function cached(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = new URL(name, FOLDER).pathname;
  try {
    await Deno.lstat(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await Deno.mkdir(FOLDER, { recursive: true });
    // Concurrent tests may both make it: both files are complete, and the last one stays.
    const partial = `${path.replace(/(\.\w+)$/, "")}.${crypto.randomUUID()}${
      /\.\w+$/.exec(path)?.[0]
    }`;
    await make(partial);
    await Deno.rename(partial, path);
  }
  return path;
}
