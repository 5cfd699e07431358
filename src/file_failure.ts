import { messageOf } from "./errors.ts";

/**
 * Returns why an operation on a file or folder failed, to follow a colon, by the system's error codes.
 *
 * @param wish What the permission was missing for, if that is the reason.
 */
export function reasonOfFile(error: unknown, wish: "read it" | "write there"): string {
  // Deno allows nothing there unless the program may do everything.
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
      return "the disk is read-only";
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full";
    default:
      return systemMessage(messageOf(error));
  }
}

/** Removes what Deno adds to the system's message: `File name too long (os error 36): stat '/…'`. */
function systemMessage(message: string): string {
  const [, first, rest] = /^(.)(.*?) \(os error \d+\)/.exec(message) ?? [];
  return first === undefined ? message : first.toLowerCase() + rest;
}
