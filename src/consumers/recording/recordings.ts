import type { ListedRecording, RecordingRule, StudioRecording } from "../../live_messages.ts";
import { readRecordingName } from "./names.ts";
import type { Recorder } from "./recorder.ts";
import type { SegmentWriter } from "./segment_writer.ts";
import type { Shelf } from "./shelf.ts";
import type { RecordingStorage } from "./storage.ts";

/** What {@linkcode Recordings} join. */
export interface RecordingsOptions {
  /** Decides what is recorded. */
  readonly recorder: Recorder;
  /** Writes it. */
  readonly writer: SegmentWriter;
  /** Knows what there is. */
  readonly shelf: Shelf;
  /** The folder. */
  readonly storage: RecordingStorage;
  /** What is recorded at first. */
  readonly when: RecordingRule;
  /** Whether viewers see the camera; off air nothing is recorded. */
  readonly isOnAir: () => boolean;
  /** Called when motion has to be watched from now on, or not any more. */
  readonly watchMotion: (isWatched: boolean) => void;
}

/** A recording that is read. */
export interface RecordingFile {
  /** Its size now. */
  readonly bytes: number;
  /** Changes when its bytes do; `null` while it is being written. */
  readonly tag: string | null;
}

/** The recordings: what is recorded, and what has been. */
export class Recordings implements AsyncDisposable {
  readonly #options: RecordingsOptions;
  #when: RecordingRule;

  /** Records nothing until {@linkcode follow}. */
  constructor(options: RecordingsOptions) {
    this.#options = options;
    this.#when = options.when;
  }

  /** What is recorded. */
  get when(): RecordingRule {
    return this.#when;
  }

  set when(when: RecordingRule) {
    this.#when = when;
    this.follow();
  }

  /** How it goes, for the studio. */
  get studio(): StudioRecording {
    const { writer, shelf } = this.#options;
    const { writing } = writer;
    const { recordings, free } = shelf;
    return {
      when: this.#when,
      writing: writing?.name ?? null,
      duration: writing?.duration ?? 0,
      bytes: writing?.bytes ?? 0,
      problem: this.problem,
      free,
      kept: {
        count: recordings.length,
        bytes: recordings.reduce((sum, { bytes }) => sum + bytes, 0),
      },
    };
  }

  /** Why nothing can be recorded, although it is to be; `null` while it works. */
  get problem(): string | null {
    if (this.#when === "off") return null;
    const { writer, recorder } = this.#options;
    const reason = writer.problem ?? recorder.problem;
    return reason === null ? null : `Cannot record: ${reason}`;
  }

  /** Begins or ends recording, as the channel went on or off air. */
  follow(): void {
    const { recorder, isOnAir, watchMotion } = this.#options;
    const rule = isOnAir() ? this.#when : "off";
    watchMotion(rule === "motion");
    recorder.record(rule);
  }

  /** Does what is due. Call it four times a second. */
  tick(): void {
    const { recorder, writer, shelf } = this.#options;
    recorder.tick();
    const name = writer.writing?.name ?? null;
    shelf.tick(name, () => {
      writer.hold(shelf.problem);
      // Somebody has deleted it, or moved it away.
      const isThere = name === null || shelf.recordings.some((one) => one.name === name);
      if (!isThere && writer.writing?.name === name) writer.end();
    });
  }

  /** Resolves to all recordings, oldest first. */
  async list(): Promise<ListedRecording[]> {
    const { shelf, writer } = this.#options;
    await shelf.look(writer.writing?.name ?? null);
    const { writing } = writer;
    return shelf.recordings.flatMap(({ name, bytes, duration }) => {
      const said = readRecordingName(name);
      if (!said) return [];
      const isWriting = name === writing?.name;
      return [{
        name,
        at: said.at,
        duration: isWriting ? writing.duration : duration,
        bytes,
        isPlayable: said.kind === "mp4",
        isWriting,
        isOfMotion: said.isOfMotion,
      }];
    });
  }

  /** Resolves to what is to be known before a recording is read; `null` if there is none of that name. */
  async find(name: string): Promise<RecordingFile | null> {
    const found = await this.#options.storage.find(name);
    if (!found) return null;
    const { bytes, changedAt, duration } = found;
    return { bytes, tag: duration === null ? null : `${bytes}-${changedAt}` };
  }

  /** Resolves to at most so many bytes of a recording. */
  read(name: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#options.storage.read(name, offset, length);
  }

  /** Resolves to the JPEG that stands for a recording; `null` if there is none. */
  thumbnail(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#options.storage.thumbnail(name);
  }

  /** Deletes a recording that is not being written; resolves to whether there was one. */
  async delete(name: string): Promise<boolean> {
    const { storage, shelf } = this.#options;
    const isDeleted = await storage.delete(name);
    shelf.changed();
    return isDeleted;
  }

  /** Ends the recording that is being written. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { recorder, writer, storage, watchMotion } = this.#options;
    watchMotion(false);
    recorder.record("off");
    await writer.settled();
    storage.close();
  }
}
