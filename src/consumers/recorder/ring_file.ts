import { C_LIBRARY } from "../../c_library.ts";
import { UserError } from "../../errors.ts";
import { reasonOfFile } from "../../file_failure.ts";
import { lockFile } from "./file_lock.ts";

/** What a file begins with that is this program's to overwrite. */
const MAGIC = new TextEncoder().encode("livestream rewind file\n");

/** Where the frames begin: behind the first page. */
export const FILE_HEADER_BYTES = 4096;

/** So much is written at a time where the system cannot allocate a file. */
const ZEROS_BYTES = 1 << 20;

/** `O_RDWR` of Linux. */
const O_RDWR = 2;

/** What posix_fallocate(3) fails with where the disk has no room, and where no file can be so large. */
const ENOSPC = 28;
const EFBIG = 27;

/** A file that takes all its space from the start, so that the disk cannot be too full for it later. */
export interface RingFile {
  /** Where it is. */
  readonly path: string;
  /** Its bytes. */
  readonly size: number;
  /** Writes, at a position of its own. */
  readonly writer: Deno.FsFile;
  /** Reads, at a position of its own. */
  readonly reader: Deno.FsFile;
  /** Gives the space back, and leaves an empty file. */
  close(): void;
}

/**
 * Creates the file, readable by this user only, or takes over one that an earlier run left.
 *
 * @throws {UserError} It is something else, someone else's, in use, or there is no room.
 */
export function openRingFile(path: string, size: number): RingFile {
  try {
    const writer = openOwn(path);
    let release: (() => void) | null = null;
    try {
      release = lockFile(path);
      if (!release) throw cannotUse(path, "another program is using it");
      writer.truncateSync(0);
      writer.writeSync(MAGIC);
      allocate(path, writer, size);
      const reader = Deno.openSync(path);
      return {
        ...{ path, size, writer, reader },
        close() {
          try {
            writer.truncateSync(0);
          } catch {
            // A file that cannot be cut stays; the next run overwrites it.
          }
          writer.close();
          reader.close();
          release?.();
        },
      };
    } catch (error) {
      // A file that does not have its size must not fill the disk.
      if (release) writer.truncateSync(0);
      writer.close();
      release?.();
      throw error;
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw cannotUse(path, reasonOfFile(error, "write there"), error);
  }
}

function openOwn(path: string): Deno.FsFile {
  const there = lstat(path);
  if (there === null) {
    return Deno.openSync(path, { read: true, write: true, createNew: true, mode: 0o600 });
  }
  if (there.isSymlink) throw cannotUse(path, "it is a link");
  if (there.isDirectory) throw cannotUse(path, "it is a folder");
  if (!there.isFile) throw cannotUse(path, "it is no regular file");
  if ((there.nlink ?? 1) > 1) throw cannotUse(path, "it has other names (hard links)");
  const file = Deno.openSync(path, { read: true, write: true });
  try {
    const { dev, ino } = file.statSync();
    if (dev !== there.dev || ino !== there.ino) throw cannotUse(path, "it was just replaced");
    if (!isOwn(file)) throw cannotUse(path, "it has other content, which would be lost");
    // Only its owner can do this.
    if (Deno.build.os !== "windows") Deno.chmodSync(path, 0o600);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function isOwn(file: Deno.FsFile): boolean {
  const begin = new Uint8Array(MAGIC.length);
  const length = file.readSync(begin) ?? 0;
  file.seekSync(0, Deno.SeekMode.Start);
  return length === 0 || begin.every((byte, i) => byte === MAGIC[i]);
}

/** Takes the file's space on the disk. */
function allocate(path: string, file: Deno.FsFile, size: number): void {
  if (Deno.build.os === "linux" && allocateOnLinux(path, size)) return;
  const zeros = new Uint8Array(ZEROS_BYTES);
  for (let at = FILE_HEADER_BYTES; at < size;) {
    file.seekSync(at, Deno.SeekMode.Start);
    at += file.writeSync(zeros.subarray(0, size - at));
  }
}

/** Returns whether posix_fallocate(3) could; it takes no time where writing zeros takes minutes. */
function allocateOnLinux(path: string, size: number): boolean {
  const libc = Deno.dlopen(
    C_LIBRARY,
    {
      open: { parameters: ["buffer", "i32"], result: "i32" },
      posix_fallocate: { parameters: ["i32", "i64", "i64"], result: "i32" },
      close: { parameters: ["i32"], result: "i32" },
    } as const,
  );
  try {
    const descriptor = libc.symbols.open(new TextEncoder().encode(`${path}\0`), O_RDWR);
    if (descriptor < 0) return false;
    const failure = libc.symbols.posix_fallocate(descriptor, 0n, BigInt(size));
    libc.symbols.close(descriptor);
    if (failure === ENOSPC || failure === EFBIG) {
      throw cannotUse(path, `the disk has no room for ${size / 1e6} MB`);
    }
    return failure === 0;
  } finally {
    libc.close();
  }
}

function lstat(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function cannotUse(path: string, reason: string, cause?: unknown): UserError {
  return new UserError(
    `Cannot use the rewind file "${path}": ${reason}. Choose another with --rewind-file`,
    1,
    { cause },
  );
}
