import { statfsSync } from "node:fs";
import { finishMkv, mkvDuration } from "./finish_mkv.ts";
import { finishMp4, mp4Duration } from "./finish_mp4.ts";
import { readRecordingName, recordingName, recordingOfThumbnail, thumbnailName } from "./names.ts";
import type { RecordingName } from "./names.ts";
import { OpenSegment } from "./open_segment.ts";
import type { StoredRecording } from "./stored_recording.ts";

/** How many seconds later a recording may be named, if others have its name. */
const MAX_NAMES = 100;

/** A file that was changed so recently may be another program's that is still writing it. Milliseconds. */
const QUIET_MS = 10_000;

/** Thumbnails are not larger. Bytes. */
const MAX_THUMBNAIL_BYTES = 1_000_000;

/** Cached facts about a file, valid until it changes. */
interface Known {
  readonly bytes: number;
  readonly changedAt: number;
  readonly duration: number | null;
}

/**
 * The files of one folder that are recordings by their names; it touches no others. Every call is synchronous,
 * so it belongs into a worker.
 */
export class RecordingFolder {
  readonly #path: string;
  readonly #known = new Map<string, Known>();
  #open: { readonly name: string; readonly segment: OpenSegment } | null = null;

  /** Looks at nothing yet. */
  constructor(path: string) {
    this.#path = path.replace(/[\\/]+$/, "");
  }

  /** Makes the folder if there is none, and checks that files can be made in it. */
  check(): void {
    Deno.mkdirSync(this.#path, { recursive: true });
    const probe = this.#pathOf(`.livestream-${crypto.randomUUID()}`);
    Deno.writeFileSync(probe, new Uint8Array(), { createNew: true });
    Deno.removeSync(probe);
  }

  /** Whether there is no folder any more. */
  get isGone(): boolean {
    try {
      return !Deno.statSync(this.#path).isDirectory;
    } catch (error) {
      return error instanceof Deno.errors.NotFound;
    }
  }

  /** Bytes that this user may still write. */
  get free(): number {
    const { bavail, bsize } = statfsSync(this.#path);
    return bavail * bsize;
  }

  /** Begins a recording, and returns its name, which is later if there is one of that name. */
  create(wanted: RecordingName, head: Uint8Array): string {
    this.#open?.segment.close();
    this.#open = null;
    for (let later = 0; later < MAX_NAMES; later++) {
      const at = wanted.at + later * 1_000;
      if (this.#isTaken(at)) continue;
      const name = recordingName({ ...wanted, at });
      const segment = OpenSegment.create(this.#pathOf(name));
      try {
        segment.write(0, head);
      } catch (error) {
        segment.close();
        removeIfThere(this.#pathOf(name));
        throw error;
      }
      this.#open = { name, segment };
      return name;
    }
    throw new Error("there are too many recordings of the same second");
  }

  /** Appends to the recording that was begun last. */
  append(bytes: Uint8Array): void {
    if (!this.#open) throw new Error("no recording has been begun");
    const { segment } = this.#open;
    const { size } = segment;
    try {
      segment.write(size, bytes);
    } catch (error) {
      // What is incomplete would hide what is appended later.
      segment.truncate(size);
      throw error;
    }
  }

  /** Finishes the recording that was begun last. */
  finish(): void {
    const open = this.#open;
    this.#open = null;
    if (!open) return;
    try {
      finish(open.name, open.segment);
    } finally {
      open.segment.close();
    }
  }

  /** Finishes what another run has left unfinished. */
  repair(now: number): void {
    for (const { name, duration } of this.list()) {
      if (duration !== null || name === this.#open?.name) continue;
      const changedAt = this.#known.get(name)?.changedAt ?? now;
      if (Math.abs(now - changedAt) < QUIET_MS) continue;
      try {
        const segment = OpenSegment.open(this.#pathOf(name), { write: true });
        try {
          finish(name, segment);
        } finally {
          segment.close();
        }
      } catch {
        // It plays as it is, as far as it does.
      }
    }
  }

  /** Returns all recordings, oldest first, and deletes the thumbnails of those that are gone. */
  list(): StoredRecording[] {
    const names = new Set<string>();
    const illustrated = new Set<string>();
    for (const { name, isFile } of Deno.readDirSync(this.#path)) {
      if (!isFile) continue;
      if (readRecordingName(name)) names.add(name);
      const recording = recordingOfThumbnail(name);
      if (recording !== null) illustrated.add(recording);
    }
    for (const name of illustrated.difference(names)) this.#deleteThumbnail(name);
    const listed = [...names].sort().flatMap((name) => {
      const known = this.#look(name);
      return known ? [{ name, ...known }] : [];
    });
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
    return listed;
  }

  /** Returns one recording; `null` if there is none of that name. */
  find(name: string): StoredRecording | null {
    const known = readRecordingName(name) ? this.#look(name) : null;
    return known && { name, ...known };
  }

  /** Returns at most so many bytes of a recording. */
  read(name: string, offset: number, length: number): Uint8Array<ArrayBuffer> {
    requireName(name);
    const segment = OpenSegment.open(this.#pathOf(name));
    try {
      return segment.read(offset, length);
    } finally {
      segment.close();
    }
  }

  /** Keeps a JPEG that stands for a recording, if it has none yet. */
  illustrate(name: string, jpeg: Uint8Array): void {
    requireName(name);
    if (jpeg.length > MAX_THUMBNAIL_BYTES) return;
    Deno.writeFileSync(this.#pathOf(thumbnailName(name)), jpeg, { createNew: true });
  }

  /** Returns the JPEG that stands for a recording; `null` if there is none. */
  thumbnail(name: string): Uint8Array<ArrayBuffer> | null {
    if (!readRecordingName(name)) return null;
    try {
      const segment = OpenSegment.open(this.#pathOf(thumbnailName(name)));
      try {
        return segment.read(0, Math.min(segment.size, MAX_THUMBNAIL_BYTES));
      } finally {
        segment.close();
      }
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  /** Deletes a recording, but not the one that is being written; returns whether there was one. */
  delete(name: string): boolean {
    requireName(name);
    if (name === this.#open?.name) return false;
    this.#known.delete(name);
    removeIfThere(this.#pathOf(thumbnailName(name)));
    return removeIfThere(this.#pathOf(name));
  }

  #deleteThumbnail(name: string): void {
    try {
      removeIfThere(this.#pathOf(thumbnailName(name)));
    } catch {
      // It stays where nothing can be deleted.
    }
  }

  #look(name: string): Known | null {
    let info: Deno.FileInfo;
    try {
      info = Deno.lstatSync(this.#pathOf(name));
    } catch {
      return null;
    }
    if (!info.isFile) return null;
    const { size: bytes } = info;
    const changedAt = info.mtime?.getTime() ?? 0;
    const known = this.#known.get(name);
    if (known?.bytes === bytes && known.changedAt === changedAt) return known;
    const isOpen = name === this.#open?.name;
    const fresh = { bytes, changedAt, duration: isOpen ? null : this.#durationOf(name) };
    this.#known.set(name, fresh);
    return fresh;
  }

  #durationOf(name: string): number | null {
    try {
      const segment = OpenSegment.open(this.#pathOf(name));
      try {
        return name.endsWith(".mp4") ? mp4Duration(segment) : mkvDuration(segment);
      } finally {
        segment.close();
      }
    } catch {
      return null;
    }
  }

  #isTaken(at: number): boolean {
    return [true, false].some((isOfMotion) =>
      (["mp4", "mkv"] as const).some((kind) => {
        try {
          Deno.lstatSync(this.#pathOf(recordingName({ at, isOfMotion, kind })));
          return true;
        } catch {
          return false;
        }
      })
    );
  }

  #pathOf(name: string): string {
    return `${this.#path}/${name}`;
  }
}

function finish(name: string, segment: OpenSegment): void {
  if (name.endsWith(".mp4")) finishMp4(segment);
  else finishMkv(segment);
}

function requireName(name: string): void {
  if (!readRecordingName(name)) throw new Deno.errors.NotFound("no recording has such a name");
}

function removeIfThere(path: string): boolean {
  try {
    Deno.removeSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
