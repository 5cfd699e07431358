import { temporaryFolder } from "../store/temporary_folder.ts";

/** A disk of its own size, in memory, on a folder. */
export interface Disk extends Disposable {
  readonly path: string;
  readonly writable: (yes: boolean) => void;
}

function run(command: string, ...args: readonly string[]): void {
  const { success, stderr } = new Deno.Command(command, { args: [...args] }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Makes one; takes what {@linkcode canMount} tells. */
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
      // Lazily: a test that fails may have left a file open.
      run("umount", "-l", path);
      folder[Symbol.dispose]();
    },
  };
}

/** Mounting takes root, on Linux; containers may forbid it even so. */
export function canMount(): boolean {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    mountDisk(64)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}
