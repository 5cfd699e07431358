import { C_LIBRARY } from "../c_library.ts";

/** Of <fcntl.h> on Linux: `O_RDONLY | O_CLOEXEC`, the command, and a lock for writing. */
const READ_ONLY = 0o2000000;
const F_GETLK = 5;
const F_WRLCK = 1;
const F_UNLCK = 2;

/** `struct flock` on 64-bit Linux: type, whence, start, length, process. */
const FLOCK_BYTES = 32;
const START_AT = 8;
const LENGTH_AT = 16;
const PROCESS_AT = 24;

/** Where SQLite locks a file: PENDING_BYTE to the end of the shared range (its os.h). */
const SQLITE_LOCKS = { start: 0x40000000n, length: 512n };

/**
 * Returns the id of another process that has an SQLite database open; `null` if there is none, if it
 * runs in another container, or on a system other than Linux.
 */
export function lockHolder(path: string): number | null {
  if (Deno.build.os !== "linux") return null;
  const library = Deno.dlopen(
    C_LIBRARY,
    {
      open: { parameters: ["buffer", "i32"], result: "i32" },
      fcntl: { parameters: ["i32", "i32", "buffer"], result: "i32" },
      close: { parameters: ["i32"], result: "i32" },
    } as const,
  );
  const { open, fcntl, close } = library.symbols;
  const file = open(new TextEncoder().encode(`${path}\0`), READ_ONLY);
  try {
    if (file < 0) return null;
    const lock = new DataView(new ArrayBuffer(FLOCK_BYTES));
    lock.setInt16(0, F_WRLCK, true);
    lock.setBigInt64(START_AT, SQLITE_LOCKS.start, true);
    lock.setBigInt64(LENGTH_AT, SQLITE_LOCKS.length, true);
    if (fcntl(file, F_GETLK, lock.buffer) !== 0) return null;
    const process = lock.getInt32(PROCESS_AT, true);
    // The kernel has no number for a process outside of our PID namespace (pid_namespaces(7)).
    return lock.getInt16(0, true) === F_UNLCK || process <= 0 ? null : process;
  } finally {
    if (file >= 0) close(file);
    library.close();
  }
}
