/** A file that is finished: read here and there, and completed. All calls are synchronous, for a worker. */
export interface SegmentFile {
  /** Its length. */
  readonly size: number;
  /** Returns at most so many bytes from an offset on; fewer at the end. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
  /** Overwrites bytes, or appends them at the end. */
  write(offset: number, bytes: Uint8Array): void;
  /** Cuts it. */
  truncate(size: number): void;
}
