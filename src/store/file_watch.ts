import { C_LIBRARY } from "../c_library.ts";

/** What identifies the file at a path, and its length. */
interface FileState {
  readonly inode: bigint;
  /** Bytes. */
  readonly size: bigint;
}

/** What the operating system says of files. */
interface System {
  /** @returns `null` where there is no file. */
  stateOf(path: string): FileState | null;
  close(): void;
}

/** What was done to a file that is in use: it was removed or replaced, or cut short. */
export type Tampering = "removed" | "cut";

/** `AT_FDCWD`, `STATX_INO | STATX_SIZE` of <linux/stat.h>, and where `struct statx` has the two. */
const WORKING_FOLDER = -100;
const WANTED = 0x300;
const LINUX_INODE_AT = 32;
const LINUX_SIZE_AT = 40;
/** Where `struct stat` has them on macOS. */
const MACOS_INODE_AT = 8;
const MACOS_SIZE_AT = 96;

/** More than both structures take. Bytes. */
const STRUCTURE_BYTES = 256;

/**
 * Notices that somebody removed or replaced a file that is in use, or cut it short. What is written
 * to a removed file is gone when its last user ends; what is written behind a gap in a write-ahead
 * log is ignored when the log is read again. Where files in use cannot be removed (Windows), it
 * notices nothing.
 *
 * It asks the C library, because by then the program may read no files by Deno any more.
 */
export class FileWatch implements Disposable {
  readonly #states = new Map<string, FileState | null>();
  #system: System | null = null;

  /** Watches one more file, as it is now. */
  watch(path: string): void {
    this.#system ??= openSystem();
    this.#states.set(path, this.#system?.stateOf(path) ?? null);
  }

  /** Takes the files' lengths as they are now, after this process itself has written. */
  accept(): void {
    for (const [path, known] of this.#states) {
      const state = this.#system?.stateOf(path);
      if (state && state.inode === known?.inode) this.#states.set(path, state);
    }
  }

  /** What was done to one of the files since it was last accepted; `null` for nothing. */
  get tampering(): Tampering | null {
    let isCut = false;
    for (const [path, known] of this.#states) {
      const state = this.#system?.stateOf(path) ?? null;
      if (state?.inode !== known?.inode) return "removed";
      if (state && known && state.size < known.size) isCut = true;
    }
    return isCut ? "cut" : null;
  }

  [Symbol.dispose](): void {
    this.#system?.close();
    this.#system = null;
    this.#states.clear();
  }
}

/** `null` where it is not known how, as on Windows, or the C library is another. */
function openSystem(): System | null {
  const structure = new DataView(new ArrayBuffer(STRUCTURE_BYTES));
  const pathOf = (path: string) => new TextEncoder().encode(`${path}\0`);
  const stateAt = (inode: number, size: number): FileState => ({
    inode: structure.getBigUint64(inode, true),
    size: structure.getBigUint64(size, true),
  });
  try {
    if (Deno.build.os === "linux") {
      const library = Deno.dlopen(
        C_LIBRARY,
        {
          statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
        } as const,
      );
      return {
        stateOf(path) {
          const failed = library.symbols.statx(
            WORKING_FOLDER,
            pathOf(path),
            0,
            WANTED,
            structure.buffer,
          );
          return failed ? null : stateAt(LINUX_INODE_AT, LINUX_SIZE_AT);
        },
        close: () => library.close(),
      };
    }
    if (Deno.build.os === "darwin") {
      // On x86-64 the plain name is that of an older structure.
      const name = Deno.build.arch === "aarch64" ? "stat" : "stat$INODE64";
      const library = Deno.dlopen(
        C_LIBRARY,
        { stat: { name, parameters: ["buffer", "buffer"], result: "i32" } } as const,
      );
      return {
        stateOf(path) {
          const failed = library.symbols.stat(pathOf(path), structure.buffer);
          return failed ? null : stateAt(MACOS_INODE_AT, MACOS_SIZE_AT);
        },
        close: () => library.close(),
      };
    }
  } catch {
    // Then nobody is told.
  }
  return null;
}
