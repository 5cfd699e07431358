import { hostInUrl } from "./net/ip_address.ts";

/** The variables that only the start asks for, as the Makefile grants them. */
const VARIABLES_OF_START = [
  "LIVESTREAM_*",
  "HOME",
  "XDG_DATA_HOME",
  "APPDATA",
  "LOCALAPPDATA",
  "NOTIFY_SOCKET",
  "WATCHDOG_USEC",
  "WATCHDOG_PID",
] as const;

/** What may be listened on, as the Makefile grants it; the first stands for every IPv4 address. */
const HOSTS_OF_START = ["203.0.113.1", "0.0.0.0", "127.0.0.1", "localhost", "[::]", "[::1]"];

/**
 * Gives up, for good and in every thread, the permissions that only the start needs: to listen
 * elsewhere, to write and read files, and to read the environment. What is open stays open: the
 * port, the connections, and the database with the files that SQLite makes beside it.
 *
 * So this comes last, and what is needed later has to be open or in memory by then. What stays:
 * to listen on `host` again, which the system may end for want of descriptors; to start ffmpeg and
 * ss, to look up this machine's addresses, and to call the C library, which ends connections and
 * ffmpeg and sets the camera's controls. So this stops a mistake, or an attacker who gets no further
 * than Deno's own functions; it does not stop code that calls `system()` in the C library or gives
 * ffmpeg arguments of its own.
 *
 * @param host What is listened on.
 */
export function dropPermissions(host: string): void {
  const { permissions } = Deno;
  const { hostname } = new URL(`http://${hostInUrl(host)}`);
  for (const other of HOSTS_OF_START) {
    if (other !== hostname) permissions.revokeSync({ name: "net", host: other });
  }
  permissions.revokeSync({ name: "write" });
  for (const variable of VARIABLES_OF_START) permissions.revokeSync({ name: "env", variable });
  permissions.revokeSync({ name: "sys", kind: "hostname" });
  // An executable carries its worker; from source, one that replaces another is read from its file.
  if (Deno.build.standalone) permissions.revokeSync({ name: "read" });
  if (Deno.build.os !== "linux") permissions.revokeSync({ name: "run", command: "ss" });
}
