/**
 * Makes files in `/dev`, among which ffmpeg looks for cameras, until they are disposed of.
 *
 * @returns Null where that is not allowed: only root may, and only on Linux.
 */
export async function deviceFiles(...paths: readonly string[]): Promise<AsyncDisposable | null> {
  try {
    for (const path of paths) await Deno.writeTextFile(path, "");
  } catch {
    return null;
  }
  return {
    async [Symbol.asyncDispose]() {
      for (const path of paths) await Deno.remove(path);
    },
  };
}
