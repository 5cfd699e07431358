import type { Logger } from "../../log/log.ts";
import { reasonOfFile } from "../../file_failure.ts";
import { CircularSpace, type Region } from "./circular_space.ts";
import type { FrameStore, HeldFrame, Refusal, StoredFrame } from "./frame_store.ts";
import { FILE_HEADER_BYTES, type RingFile } from "./ring_file.ts";

/** So many bytes may wait for a slow disk; frames that come meanwhile are skipped. */
const MAX_WAITING_BYTES = 16e6;

/**
 * Keeps frames in a file that was allocated before. A frame that cannot be written or read is lost, and nothing else:
 * only reads wait for the disk.
 */
export class FileStore implements FrameStore {
  /** What is held stays in the file. */
  readonly heldBytes = 0;
  readonly #space: CircularSpace;
  readonly #file: RingFile;
  readonly #log: Logger;
  #waitingBytes = 0;
  /** Settles once everything so far is written. */
  #written: Promise<void> = Promise.resolve();
  /** Settles once everything so far is read. */
  #read: Promise<unknown> = Promise.resolve();
  #isFailing = false;

  /** Is empty. Closes the file at the end. */
  constructor(file: RingFile, log: Logger) {
    this.#space = new CircularSpace(file.size - FILE_HEADER_BYTES);
    this.#file = file;
    this.#log = log;
  }

  get bytes(): number {
    return this.#space.used;
  }

  get maxBytes(): number {
    return this.#space.size;
  }

  add(jpeg: Uint8Array<ArrayBuffer>): StoredFrame | Refusal {
    if (this.#waitingBytes + jpeg.length > MAX_WAITING_BYTES) return "blocked";
    const region = this.#space.take(jpeg.length);
    if (typeof region === "string") return region;
    const frame = new FileFrame(region, jpeg, this.#space, (region) => this.#readRegion(region));
    this.#waitingBytes += jpeg.length;
    this.#written = this.#written.then(async () => {
      frame.wasWritten(await this.#write(jpeg, region));
      this.#waitingBytes -= jpeg.length;
    });
    return frame;
  }

  reserve(): boolean {
    return true;
  }

  /** Empties and closes the file, once everything is written and read. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#written;
    await this.#read;
    this.#file.close();
  }

  /** Returns whether it succeeded. */
  async #write(jpeg: Uint8Array, { from }: Region): Promise<boolean> {
    try {
      const { writer } = this.#file;
      await writer.seek(FILE_HEADER_BYTES + from, Deno.SeekMode.Start);
      for (let done = 0; done < jpeg.length;) done += await writer.write(jpeg.subarray(done));
      this.#isFailing = false;
      return true;
    } catch (error) {
      this.#fail("write to", error);
      return false;
    }
  }

  #readRegion(region: Region): Promise<Uint8Array<ArrayBuffer> | null> {
    const jpeg = this.#read.then(() => this.#readNow(region));
    this.#read = jpeg;
    return jpeg;
  }

  async #readNow({ from, to }: Region): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const { reader } = this.#file;
      const jpeg = new Uint8Array(to - from);
      await reader.seek(FILE_HEADER_BYTES + from, Deno.SeekMode.Start);
      for (let done = 0; done < jpeg.length;) {
        const count = await reader.read(jpeg.subarray(done));
        if (count === null) return null;
        done += count;
      }
      // Someone else may have written to the file.
      return jpeg[0] === 0xff && jpeg[1] === 0xd8 ? jpeg : null;
    } catch (error) {
      this.#fail("read", error);
      return null;
    }
  }

  #fail(what: string, error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    const reason = reasonOfFile(error, "write there");
    this.#log.warn(`Cannot ${what} the rewind file "${this.#file.path}": ${reason}`);
  }
}

class FileFrame implements StoredFrame {
  readonly isWhole = false;
  readonly #region: Region;
  readonly #space: CircularSpace;
  readonly #readRegion: (region: Region) => Promise<Uint8Array<ArrayBuffer> | null>;
  /** The frame, until it is written. */
  #waiting: Uint8Array<ArrayBuffer> | null;
  #isLost = false;
  #isFree = false;
  #holders = 0;

  constructor(
    region: Region,
    jpeg: Uint8Array<ArrayBuffer>,
    space: CircularSpace,
    readRegion: (region: Region) => Promise<Uint8Array<ArrayBuffer> | null>,
  ) {
    this.#region = region;
    this.#waiting = jpeg;
    this.#space = space;
    this.#readRegion = readRegion;
  }

  wasWritten(isThere: boolean): void {
    this.#waiting = null;
    this.#isLost = !isThere;
  }

  async read(): Promise<Uint8Array<ArrayBuffer> | null> {
    if (!this.#isReadable) return null;
    if (this.#waiting) return this.#waiting;
    const jpeg = await this.#readRegion(this.#region);
    // If it was freed meanwhile, another frame may be there.
    return this.#isReadable ? jpeg : null;
  }

  hold(): HeldFrame {
    this.#holders++;
    this.#space.hold(this.#region);
    let isHeld = true;
    return {
      read: () => isHeld ? this.read() : Promise.resolve(null),
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#holders--;
        this.#space.release(this.#region);
      },
    };
  }

  shrink(): void {}

  free(): void {
    this.#isFree = true;
    this.#space.free(this.#region);
  }

  get #isReadable(): boolean {
    return !this.#isLost && (!this.#isFree || this.#holders > 0);
  }
}
