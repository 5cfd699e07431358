import { C_LIBRARY } from "../c_library.ts";

/** The identity and length of the file at a path. */
interface FileState {
  readonly inode: bigint;
  /** Bytes. */
  readonly size: bigint;
}

/** Reads file states from the operating system. */
interface System {
  /** Returns the state of a file; `null` if there is none. */
  stateOf(path: string): FileState | null;
  close(): void;
}

/** What someone did to a file in use: removed or replaced it, or truncated it. */
export type Tampering = "removed" | "cut";

/** `AT_FDCWD`, `STATX_INO | STATX_SIZE` of <linux/stat.h>, and where `struct statx` has the two. */
const WORKING_FOLDER = -100;
const WANTED = 0x300;
const LINUX_INODE_AT = 32;
const LINUX_SIZE_AT = 40;
/** Where `struct stat` has them on macOS. */
const MACOS_INODE_AT = 8;
const MACOS_SIZE_AT = 96;

/** More than either structure needs. Bytes. */
const STRUCTURE_BYTES = 256;

/**
 * Notices when someone removes, replaces or truncates a file in use. Data written to a removed file
 * is lost when its last user ends; data behind a gap in a write-ahead log is ignored when the log is
 * read again. On Windows, where files in use cannot be removed, it notices nothing.
 *
 * It calls the C library, because Deno's permission to read files has been given up by then.
 */
export class FileWatch implements Disposable {
  readonly #states = new Map<string, FileState | null>();
  #system: System | null = null;

  /** Starts to watch a file. */
  watch(path: string): void {
    this.#system ??= openSystem();
    this.#states.set(path, this.#system?.stateOf(path) ?? null);
  }

  /** Accepts the files' present lengths, after this process itself has written. */
  accept(): void {
    for (const [path, known] of this.#states) {
      const state = this.#system?.stateOf(path);
      if (state && state.inode === known?.inode) this.#states.set(path, state);
    }
  }

  /** What has happened to one of the files since they were last accepted; `null` for nothing. */
  get tampering(): Tampering | null {
    let isCut = false;
    for (const [path, known] of this.#states) {
      const state = this.#system?.stateOf(path) ?? null;
      if (state?.inode !== known?.inode) return "removed";
      if (state && known && state.size < known.size) isCut = true;
    }
    return isCut ? "cut" : null;
  }

  /** Stops watching all files. */
  [Symbol.dispose](): void {
    this.#system?.close();
    this.#system = null;
    this.#states.clear();
  }
}

/** Opens the C library; returns `null` on Windows, and where it is an unknown one. */
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
      // On x86-64, the plain name stands for an older structure.
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
    // Without it, tampering goes unnoticed.
  }
  return null;
}
