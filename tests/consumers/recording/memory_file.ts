import type { SegmentFile } from "../../../src/consumers/recording/segment_file.ts";
import { concat } from "../../../src/media/jpeg/concat.ts";

/** A file in memory. */
export class MemoryFile implements SegmentFile {
  bytes: Uint8Array<ArrayBuffer>;

  constructor(...parts: readonly Uint8Array[]) {
    this.bytes = concat(...parts);
  }

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(offset, offset + length);
  }

  write(offset: number, bytes: Uint8Array): void {
    const end = Math.max(this.size, offset + bytes.length);
    const written = new Uint8Array(end);
    written.set(this.bytes);
    written.set(bytes, offset);
    this.bytes = written;
  }

  truncate(size: number): void {
    this.bytes = this.bytes.slice(0, size);
  }
}
