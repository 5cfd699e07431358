import type { SegmentFile } from "./segment_file.ts";

/** A file on the disk, by Deno's synchronous functions. */
export class OpenSegment implements SegmentFile {
  readonly #file: Deno.FsFile;
  #size: number;

  private constructor(file: Deno.FsFile) {
    this.#file = file;
    this.#size = file.statSync().size;
  }

  /** Creates a file of which there is none. */
  static create(path: string): OpenSegment {
    return new OpenSegment(Deno.openSync(path, { createNew: true, read: true, write: true }));
  }

  /**
   * Opens a file.
   *
   * @throws {Deno.errors.NotFound} There is none, or it is a link or something else than a file.
   */
  static open(path: string, { write = false }: { readonly write?: boolean } = {}): OpenSegment {
    // A link may lead out of the folder; opening a named pipe may wait forever.
    if (!Deno.lstatSync(path).isFile) throw new Deno.errors.NotFound("it is not a file");
    return new OpenSegment(Deno.openSync(path, { read: true, write }));
  }

  get size(): number {
    return this.#size;
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.#size - offset)));
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < bytes.length) {
      const count = this.#file.readSync(bytes.subarray(filled));
      if (count === null) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) at += this.#file.writeSync(bytes.subarray(at));
    this.#size = Math.max(this.#size, offset + bytes.length);
  }

  truncate(size: number): void {
    this.#file.truncateSync(size);
    this.#size = size;
  }

  /** Closes it. */
  close(): void {
    this.#file.close();
  }
}
