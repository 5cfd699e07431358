import type { VideoConfiguration } from "../../media/packet.ts";
import type { AacPacket } from "../../streams/aac.ts";
import type { PictureFormat, RecordedPicture } from "../passages/passage.ts";
import type { PictureListener } from "../passages/picture_feed.ts";
import { initializationOf, PartEncoder, type TimedPicture } from "./part_encoder.ts";
import type { HlsInitialization } from "./segment.ts";
import { SoundQueue } from "./sound_queue.ts";
import type { HlsTimeline } from "./timeline.ts";
import type { HlsWindow } from "./window.ts";

/** A part ends before another picture as long as the last one would make it longer. Milliseconds. */
const PART_MS = 380;

/** A segment must not be longer, or it would be two seconds when rounded. Milliseconds. */
const MAX_SEGMENT_MS = 1_450;

/** The most that a picture may be earlier than the one before; more is a clock that was set back. Milliseconds. */
const JITTER_MS = 100;

/** How long the sound of a part is waited for: a little longer than it takes at most. Milliseconds. */
const SOUND_PATIENCE_MS = 600;

/** How long the very first sound is waited for, whose encoder may have to start. Milliseconds. */
const FIRST_SOUND_PATIENCE_MS = 2_000;

/** How long the last picture before a gap lasts. Milliseconds. */
const LAST_DURATION_MS = 33;

/** Pictures and sound that follow each other, encoded alike. */
interface Stretch {
  readonly configuration: VideoConfiguration;
  /** Monotonic time when it began. */
  readonly since: number;
  /** `null` until it is known whether there is sound. */
  initialization: HlsInitialization | null;
  hasSound: boolean;
}

interface OpenPart {
  readonly stretch: Stretch;
  readonly pictures: TimedPicture[];
  /** Whether a segment begins with it. */
  readonly isFirst: boolean;
}

/** A part whose pictures are complete, and that waits for its sound. */
interface CompletePart extends OpenPart {
  readonly end: number;
  readonly isLast: boolean;
  /** Monotonic time until which sound is waited for. */
  readonly until: number;
}

/** What a segmenter is built with. */
export interface SegmenterOptions {
  /** Takes the segments. */
  readonly window: HlsWindow;
  /** Shared by all renditions. */
  readonly timeline: HlsTimeline;
  /** Called when the window has something new. */
  readonly onChange: () => void;
  /** Monotonic time. */
  readonly now: () => number;
}

/** Makes segments, part by part, of the pictures of a rendition and the sound. A segment begins with every key. */
export class Segmenter implements PictureListener {
  readonly #options: SegmenterOptions;
  readonly #sound = new SoundQueue();
  readonly #encoder = new PartEncoder();
  #open: OpenPart | null = null;
  #segmentStart = 0;
  #complete: CompletePart[] = [];
  /** The stretch of the segment that was begun last. */
  #begun: Stretch | null = null;
  /** Monotonic time of the newest sound. */
  #heardAt = -Infinity;

  /** Has nothing yet. */
  constructor(options: SegmenterOptions) {
    this.#options = options;
  }

  picture(picture: RecordedPicture, format: PictureFormat): void {
    const last = this.#open?.pictures.at(-1);
    const due = this.#options.timeline.of(picture.at);
    const isSetBack = last !== undefined && picture.at < last.picture.at - JITTER_MS;
    if (last && (isSetBack || due - this.#segmentStart > MAX_SEGMENT_MS)) this.gap();
    if (!this.#open) {
      if (picture.isKey) this.#begin(picture, due, this.#stretchOf(format, null));
      return;
    }
    const time = Math.max(due, last!.time + 1);
    if (picture.isKey) {
      const { stretch } = this.#open;
      this.#close(time, true);
      return this.#begin(picture, time, this.#stretchOf(format, stretch));
    }
    const { stretch, pictures } = this.#open;
    if (time - pictures[0].time + (time - last!.time) > PART_MS) {
      this.#close(time, false);
      this.#open = { stretch, pictures: [{ picture, time }], isFirst: false };
    } else pictures.push({ picture, time });
  }

  gap(): void {
    if (this.#open) this.#close(this.#open.pictures.at(-1)!.time + LAST_DURATION_MS, true);
    this.#open = null;
  }

  /** Takes the next packet of sound. */
  sound(packet: AacPacket): void {
    this.#heardAt = this.#options.now();
    this.#sound.add(packet, this.#options.timeline.of(packet.at));
    this.#give();
  }

  /** Gives parts whose sound does not come. Call this a few times a second. */
  tick(): void {
    this.#give();
  }

  /** Forgets what is not whole. */
  clear(): void {
    this.#open = null;
    this.#complete = [];
    this.#begun = null;
    this.#sound.clear();
    this.#heardAt = -Infinity;
    this.#options.window.clear();
  }

  /** Returns the stretch before if it goes on; else a new one. */
  #stretchOf(format: PictureFormat, before: Stretch | null): Stretch {
    const configuration = format as VideoConfiguration;
    const now = this.#options.now();
    const isHeard = now - this.#heardAt < SOUND_PATIENCE_MS;
    const isAsHeard = before?.initialization === null || before?.hasSound === isHeard;
    if (before && before.configuration === configuration && isAsHeard) return before;
    return { configuration, since: now, initialization: null, hasSound: false };
  }

  #begin(picture: RecordedPicture, time: number, stretch: Stretch): void {
    this.#segmentStart = time;
    this.#open = { stretch, pictures: [{ picture, time }], isFirst: true };
  }

  #close(end: number, isLast: boolean): void {
    const until = this.#options.now() + SOUND_PATIENCE_MS;
    this.#complete.push({ ...this.#open!, end, isLast, until });
    this.#give();
  }

  #give(): void {
    for (let part = this.#complete.at(0); part && this.#isReady(part);) {
      this.#complete.shift();
      this.#write(part);
      part = this.#complete.at(0);
    }
  }

  /** Returns whether all sound of a part has come, or none does. */
  #isReady({ stretch, end, until }: CompletePart): boolean {
    if (this.#sound.end >= end) return true;
    const now = this.#options.now();
    if (stretch.initialization) return !stretch.hasSound || now >= until;
    return now - stretch.since >= FIRST_SOUND_PATIENCE_MS;
  }

  #write(part: CompletePart): void {
    const { stretch, pictures, end, isFirst, isLast } = part;
    const { window, onChange } = this.#options;
    const start = pictures[0].time;
    if (isFirst) {
      const isNew = stretch !== this.#begun;
      this.#begun = stretch;
      // What was heard before its first picture belongs to nothing.
      if (isNew) this.#sound.takeUntil(start);
      if (!stretch.initialization) {
        stretch.hasSound = this.#sound.end >= end;
        stretch.initialization = initializationOf(stretch.configuration, stretch.hasSound);
      }
      const { picture: { at } } = pictures[0];
      window.begin({ at, initialization: stretch.initialization, isDiscontinuous: isNew });
    }
    const sound = this.#sound.takeUntil(end);
    window.add({
      duration: end - start,
      isIndependent: pictures[0].picture.isKey,
      data: this.#encoder.encode({ pictures, end, sound: stretch.hasSound ? sound : [] }),
    });
    if (isLast) window.end();
    onChange();
  }
}
