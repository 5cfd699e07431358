import { messageOf } from "./errors.ts";

/**
 * Returns why something could not be done with a file or folder, to stand after a colon; by the
 * system's own codes.
 *
 * @param wish What there was no permission for, where that is the reason.
 */
export function reasonOfFile(error: unknown, wish: "read it" | "write there"): string {
  // Deno allows nothing there to a program that may not do everything.
  if (error instanceof Deno.errors.NotCapable) {
    return "files in /dev, /proc and /sys cannot be used";
  }
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "EACCES":
    case "EPERM":
      return `no permission to ${wish}`;
    case "ENOENT":
      return "there is no such file";
    case "ENOTDIR":
    case "EEXIST":
      return "a part of its path is a file, not a folder";
    case "EROFS":
      return "nothing may be written on that disk";
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full";
    default:
      return systemsWords(messageOf(error));
  }
}

/** Leaves out what Deno adds to the system's words: `File name too long (os error 36): stat '/…'`. */
function systemsWords(message: string): string {
  const [, first, rest] = /^(.)(.*?) \(os error \d+\)/.exec(message) ?? [];
  return first === undefined ? message : first.toLowerCase() + rest;
}
