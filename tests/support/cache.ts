const FOLDER = new URL("../../.cache/tests/", import.meta.url);

/**
 * The path of something that takes long to make and is the same each time.
 *
 * @param name Its file name; another name when what is made changes.
 * @param make Writes it to the given path. Called only when it is not there yet.
 */
export async function cached(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = new URL(name, FOLDER).pathname;
  try {
    await Deno.lstat(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await Deno.mkdir(FOLDER, { recursive: true });
    // Tests that run at the same time may both make it: the last one stays, and both are whole.
    const partial = `${path.replace(/(\.\w+)$/, "")}.${crypto.randomUUID()}${
      /\.\w+$/.exec(path)?.[0]
    }`;
    await make(partial);
    await Deno.rename(partial, path);
  }
  return path;
}
