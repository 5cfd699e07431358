/** What says which file a path leads to: its inode. */
interface System {
  /** @returns `null` where there is no file. */
  inodeOf(path: string): bigint | null;
  close(): void;
}

/** `AT_FDCWD`, `STATX_INO` of <linux/stat.h>, and where `struct statx` has the inode. */
const WORKING_FOLDER = -100;
const WANTED = 0x100;
const LINUX_INODE_AT = 32;
/** Where `struct stat` has it on macOS. */
const MACOS_INODE_AT = 8;

/** More than both structures take. Bytes. */
const STRUCTURE_BYTES = 256;

/**
 * Tells whether a file that is in use was removed, or another one put in its place: what is
 * written to it then is gone when its last user ends. Systems that let nobody remove such a file
 * (Windows) never tell so.
 *
 * It asks the C library, because by then the program may read no files by Deno any more.
 */
export class FileWatch implements Disposable {
  readonly #inodes = new Map<string, bigint | null>();
  #system: System | null = null;

  watch(path: string): void {
    this.#system ??= openSystem();
    this.#inodes.set(path, this.#system?.inodeOf(path) ?? null);
  }

  get isRemoved(): boolean {
    for (const [path, inode] of this.#inodes) {
      if (this.#system && this.#system.inodeOf(path) !== inode) return true;
    }
    return false;
  }

  [Symbol.dispose](): void {
    this.#system?.close();
    this.#system = null;
    this.#inodes.clear();
  }
}

/** `null` where it is not known how, as on Windows, or the C library is another. */
function openSystem(): System | null {
  const structure = new DataView(new ArrayBuffer(STRUCTURE_BYTES));
  const pathOf = (path: string) => new TextEncoder().encode(`${path}\0`);
  try {
    if (Deno.build.os === "linux") {
      const library = Deno.dlopen(
        "libc.so.6",
        {
          statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
        } as const,
      );
      return {
        inodeOf(path) {
          const failed = library.symbols.statx(
            WORKING_FOLDER,
            pathOf(path),
            0,
            WANTED,
            structure.buffer,
          );
          return failed ? null : structure.getBigUint64(LINUX_INODE_AT, true);
        },
        close: () => library.close(),
      };
    }
    if (Deno.build.os === "darwin") {
      // On x86-64 the plain name is that of an older structure.
      const name = Deno.build.arch === "aarch64" ? "stat" : "stat$INODE64";
      const library = Deno.dlopen(
        "/usr/lib/libSystem.B.dylib",
        { stat: { name, parameters: ["buffer", "buffer"], result: "i32" } } as const,
      );
      return {
        inodeOf(path) {
          const failed = library.symbols.stat(pathOf(path), structure.buffer);
          return failed ? null : structure.getBigUint64(MACOS_INODE_AT, true);
        },
        close: () => library.close(),
      };
    }
  } catch {
    // Then nobody is told.
  }
  return null;
}
