import { C_LIBRARY } from "../../c_library.ts";

const O_RDWR = 2;
const O_CLOEXEC = Deno.build.os === "darwin" ? 0x1000000 : 0o2000000;
const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Locks a file against other processes that do the same (flock(2)), until it is released or this process
 * ends. `Deno.FsFile.lock` would wait. On Windows nothing is locked.
 *
 * @returns A function that releases it; `null` if another process has the lock.
 */
export function lockFile(path: string): (() => void) | null {
  if (Deno.build.os === "windows") return () => {};
  const libc = Deno.dlopen(
    C_LIBRARY,
    {
      open: { parameters: ["buffer", "i32"], result: "i32" },
      flock: { parameters: ["i32", "i32"], result: "i32" },
      close: { parameters: ["i32"], result: "i32" },
    } as const,
  );
  const { open, flock, close } = libc.symbols;
  const descriptor = open(new TextEncoder().encode(`${path}\0`), O_RDWR | O_CLOEXEC);
  const release = () => {
    if (descriptor >= 0) close(descriptor);
    libc.close();
  };
  if (descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) === 0) return release;
  release();
  return null;
}
