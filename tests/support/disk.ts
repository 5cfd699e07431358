import { temporaryFolder } from "../store/temporary_folder.ts";

/** An in-memory disk of a given size, mounted on a folder. */
export interface Disk extends Disposable {
  readonly path: string;
  readonly writable: (yes: boolean) => void;
}

function run(command: string, ...args: readonly string[]): void {
  const { success, stderr } = new Deno.Command(command, { args: [...args] }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Mounts one. Requires {@linkcode canMount}. */
export function mountDisk(kilobytes: number): Disk {
  const folder = temporaryFolder();
  const { path } = folder;
  try {
    run("mount", "-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", path);
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
  return {
    path,
    writable: (yes) => run("mount", "-o", `remount,${yes ? "rw" : "ro"}`, path),
    [Symbol.dispose]() {
      // Lazily, because a failed test may have left a file open.
      run("umount", "-l", path);
      folder[Symbol.dispose]();
    },
  };
}

/** Whether mounting works: it requires root on Linux, and containers may still forbid it. */
export function canMount(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    mountDisk(64)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}
