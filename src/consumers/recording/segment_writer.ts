import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/log.ts";
import { MkvMuxer } from "./mkv_muxer.ts";
import { Mp4Muxer } from "./mp4_muxer.ts";
import { bytesOf, canFollow, type Passage } from "../passages/passage.ts";
import type { SegmentKind, SegmentMuxer, SegmentStart } from "./segment_muxer.ts";
import type { RecordingStorage } from "./storage.ts";

/** A recording is so long; then the next one begins. Milliseconds. */
const SEGMENT_MS = 600_000;

/** If so much is missing between two passages, they go into two recordings. Milliseconds. */
const MAX_GAP_MS = 3_000;

/** Bytes that may wait for a slow disk. Beyond that, something is left out. */
const MAX_QUEUED = 32_000_000;

/** The disk has caught up when no more than this waits. Bytes. */
const CAUGHT_UP = 4_000_000;

/** The pauses before the next try after a failure, the last one from then on. Milliseconds. */
const PAUSES_MS = [2_000, 4_000, 8_000, 15_000];

/** What a writer is built with. */
export interface SegmentWriterOptions {
  /** Where recordings are kept. */
  readonly storage: Pick<
    RecordingStorage,
    "create" | "append" | "finish" | "queuedBytes"
  >;
  /** What kind of files to make. */
  readonly kind: SegmentKind;
  /** Called when a recording has begun. */
  readonly onBegin: (name: string) => void;
  /** Called when one has ended. */
  readonly onEnd: () => void;
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

interface Segment extends SegmentStart {
  readonly muxer: SegmentMuxer;
  readonly startedAt: number;
  /** `null` until the file is there. */
  name: string | null;
  bytes: number;
  /** Where the newest passage ends, in wall time. */
  to: number;
}

/** Writes passages into recordings of ten minutes, and begins again after a failure. */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #segment: Segment | null = null;
  #failures = 0;
  #retryAt = -Infinity;
  #problem: string | null = null;
  #isChoked = false;
  #isHeld = false;
  /** Settles when all that was asked for has been done. */
  #done: Promise<unknown> = Promise.resolve();

  /** Writes nothing yet. */
  constructor(options: SegmentWriterOptions) {
    this.#options = options;
  }

  /** Why nothing can be written; `null` while it works. */
  get problem(): string | null {
    return this.#problem;
  }

  /** The recording that is being written; `null` if none is. */
  get writing():
    | { readonly name: string; readonly duration: number; readonly bytes: number }
    | null {
    const segment = this.#segment;
    if (!segment || segment.name === null) return null;
    return { name: segment.name, duration: segment.muxer.duration, bytes: segment.bytes };
  }

  /** Writes the next passage, into a new recording where it does not fit the last. */
  write(passage: Passage, isOfMotion: boolean): void {
    const { storage, clock } = this.#options;
    if (this.#isHeld || clock.monotonic() < this.#retryAt) return;
    if (this.#isChoked && storage.queuedBytes > CAUGHT_UP) return;
    // One passage alone may exceed the limit, as a second of 4K can. That does not mean that the disk is slow.
    if (storage.queuedBytes > 0 && storage.queuedBytes + bytesOf(passage) > MAX_QUEUED) {
      this.#isChoked = true;
      this.#note("the disk is too slow for this: use another one, or a lower quality of recording");
      return this.end();
    }
    this.#isChoked = false;
    if (this.#segment && !this.#fits(this.#segment, passage)) this.end();
    const segment = this.#segment ??= this.#begin(passage, isOfMotion);
    segment.to = passage.to;
    const bytes = segment.muxer.write(passage);
    segment.bytes += bytes.length;
    this.#follow(segment, storage.append(bytes), () => this.#works());
  }

  /** Ends the recording that is being written, if one is. */
  end(): void {
    const segment = this.#segment;
    if (!segment) return;
    this.#segment = null;
    const { storage, onEnd } = this.#options;
    // If there is no room for the end, it is made when there is.
    this.#done = storage.finish().catch(() => {}).then(onEnd);
  }

  /** Writes nothing for this reason; `null` to go on. */
  hold(reason: string | null): void {
    const wasHeld = this.#isHeld;
    this.#isHeld = reason !== null;
    if (reason === null) {
      // While nothing moves, no passage would come to show that it works again.
      if (wasHeld) this.#clear();
      return;
    }
    this.end();
    this.#note(reason);
  }

  /** Resolves when all is written. */
  async settled(): Promise<void> {
    await this.#done;
  }

  #begin({ format, sound, pictures: [first] }: Passage, isOfMotion: boolean): Segment {
    const { storage, kind, onBegin, clock } = this.#options;
    const start: SegmentStart = { format, hasSound: sound.length > 0 };
    const muxer = kind === "mp4" ? new Mp4Muxer(start) : new MkvMuxer(start);
    const segment: Segment = {
      ...{ ...start, muxer, name: null, to: first.at },
      startedAt: clock.monotonic(),
      bytes: muxer.head.length,
    };
    const created = storage.create({ at: first.at, isOfMotion, kind }, muxer.head);
    this.#follow(segment, created, (name) => {
      segment.name = name;
      onBegin(name);
    });
    return segment;
  }

  #fits(segment: Segment, { format, sound, pictures: [first] }: Passage): boolean {
    return canFollow(segment.format, format) &&
      (segment.hasSound || sound.length === 0) &&
      Math.abs(first.at - segment.to) <= MAX_GAP_MS &&
      this.#options.clock.monotonic() - segment.startedAt < SEGMENT_MS;
  }

  /** @param onDone Called if it succeeds while that segment is written; if it fails, that ends. */
  #follow<T>(segment: Segment, task: Promise<T>, onDone: (result: T) => void): void {
    task.then(
      (result) => {
        if (this.#segment === segment) onDone(result);
      },
      (error) => {
        if (this.#segment === segment) this.#fail(error.message);
      },
    );
  }

  /** Ends the recording, and begins none until some time has passed. */
  #fail(reason: string): void {
    this.end();
    this.#note(reason);
    const pause = PAUSES_MS[Math.min(this.#failures++, PAUSES_MS.length - 1)];
    this.#retryAt = this.#options.clock.monotonic() + pause;
  }

  #works(): void {
    if (this.#isChoked) return;
    this.#failures = 0;
    this.#clear();
  }

  #clear(): void {
    if (this.#problem !== null) this.#options.log.info("Recording again");
    this.#problem = null;
  }

  #note(reason: string): void {
    if (reason !== this.#problem) this.#options.log.warn(`Recording stopped: ${reason}`);
    this.#problem = reason;
  }
}
