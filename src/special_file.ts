/**
 * Returns why a path cannot be used as a file, such as "it is a named pipe"; `null` for a regular file and for
 * nothing. Follows links.
 *
 * Call this before opening a file that the user named: opening a named pipe waits for its other end, and
 * reading a device may never end.
 *
 * @throws {Error} What `Deno.statSync` throws, other than `NotFound`.
 */
export function specialFile(path: string): string | null {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  if (info.isFile) return null;
  if (info.isDirectory) return "it is a folder";
  if (info.isFifo) return "it is a named pipe";
  if (info.isSocket) return "it is a socket";
  return "it is a device";
}
