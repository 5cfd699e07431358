import { hostInUrl } from "./net/ip_address.ts";

/** The variables that only the start reads, as the Makefile grants them. */
const VARIABLES_OF_START = [
  "LIVESTREAM_*",
  "HOME",
  "XDG_DATA_HOME",
  "APPDATA",
  "LOCALAPPDATA",
  "NOTIFY_SOCKET",
  "WATCHDOG_USEC",
  "WATCHDOG_PID",
  "DISPLAY",
  "WAYLAND_DISPLAY",
] as const;

/** What opens a browser, as the Makefile grants it. */
const PROGRAMS_OF_START = ["xdg-open", "open", "rundll32"];

/** The addresses to listen on, as the Makefile grants them; the first stands for every IPv4 address. */
const HOSTS_OF_START = ["203.0.113.1", "0.0.0.0", "127.0.0.1", "localhost", "[::]", "[::1]"];

/**
 * Gives up, for good and in every thread started later, the permissions that only the start needs: to listen
 * elsewhere, to read and write files, to read the environment, and to open a browser. What is open stays open:
 * the port, the connections, and the database with the files that SQLite creates beside it. So call this last,
 * when everything needed later is open or in memory.
 *
 * Threads started before keep what they were given: to use the network, for the one that answers multicast DNS and
 * those that connect to other servers; one folder, for those that keep recordings and write HLS. They have nothing else.
 *
 * These permissions stay: to listen on `host` again, which is needed after the system ran out of descriptors;
 * to start ffmpeg; to look up the addresses of this machine; and to call the C library, which ends
 * connections and ffmpeg and sets the camera's controls. So this stops a mistake, or an attacker who gets no
 * further than Deno's own functions. It does not stop code that calls `system()` in the C library or passes
 * its own arguments to ffmpeg.
 *
 * @param host The address or name to listen on.
 */
export function dropPermissions(host: string): void {
  const { permissions } = Deno;
  const { hostname } = new URL(`http://${hostInUrl(host)}`);
  for (const other of HOSTS_OF_START) {
    if (other !== hostname) permissions.revokeSync({ name: "net", host: other });
  }
  permissions.revokeSync({ name: "write" });
  for (const variable of VARIABLES_OF_START) permissions.revokeSync({ name: "env", variable });
  for (const command of PROGRAMS_OF_START) permissions.revokeSync({ name: "run", command });
  permissions.revokeSync({ name: "sys", kind: "hostname" });
  permissions.revokeSync({ name: "sys", kind: "systemMemoryInfo" });
  // The thread that keeps recordings has its own, for one folder.
  permissions.revokeSync({ name: "sys", kind: "statfs" });
  // An executable contains its worker; from source, Deno reads the file of each new worker.
  if (Deno.build.standalone) permissions.revokeSync({ name: "read" });
}
