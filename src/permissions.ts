/** The variables that only the start asks for, as the Makefile grants them. */
const VARIABLES_OF_START = [
  "LIVESTREAM_*",
  "HOME",
  "XDG_DATA_HOME",
  "APPDATA",
  "LOCALAPPDATA",
] as const;

/**
 * Gives up, for good and in every thread, the permissions that only the start needs: to connect
 * and listen, to write and read files, and to read the environment. What is open stays open: the
 * port, the connections, and the database with the files that SQLite makes beside it.
 *
 * So this comes last, and what is needed later has to be open or in memory by then. What stays:
 * to start ffmpeg and ss, to look up this machine's addresses, and to call the libraries by which
 * ImageScript encodes and ffmpeg's life is tied to ours.
 */
export function dropPermissions(): void {
  const { permissions } = Deno;
  permissions.revokeSync({ name: "net" });
  permissions.revokeSync({ name: "write" });
  for (const variable of VARIABLES_OF_START) permissions.revokeSync({ name: "env", variable });
  // An executable carries its worker; from source, one that replaces another is read from its file.
  if (Deno.build.standalone) permissions.revokeSync({ name: "read" });
  if (Deno.build.os !== "linux") permissions.revokeSync({ name: "run", command: "ss" });
}
