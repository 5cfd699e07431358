/**
 * Creates files in `/dev`, where ffmpeg looks for cameras, until disposed.
 *
 * @returns `null` if not permitted; it requires root on Linux.
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
