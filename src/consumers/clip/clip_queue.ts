import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import type { Logger } from "../../log/log.ts";
import { Clip } from "./clip.ts";
import type { ClipMaker, ClipOrder } from "./clip_maker.ts";
import { ClipFailure, type ClipFailureCode } from "./failure.ts";

/** The most clips that wait or are being made. */
const MAX_WAITING = 8;

/** The longest clip that is accepted: a minute of 1080p at its highest bit rate has 90 MB. Bytes. */
const MAX_CLIP_BYTES = 128 << 20;

/** Those that are ready are kept for so long, and no more bytes of them; one that is being read is kept longer. */
const KEPT_MS = 5 * 60_000;
const MAX_KEPT_BYTES = 128 << 20;

/** Beyond this, not even those that are being read are kept. Bytes. */
const MAX_READ_BYTES = 512 << 20;

/** A clip that its viewer has neither read nor asked about for so long is given up. Milliseconds. */
const LEFT_MS = 20_000;

/** A clip must be made in this time, however slow the machine is. Milliseconds. */
const MAX_MAKING_MS = 180_000;

/** Options of {@linkcode ClipQueue}. */
export interface ClipQueueOptions {
  /** Makes the clips. */
  readonly maker: Pick<ClipMaker, "make">;
  /** The time. */
  readonly clock: Pick<Clock, "monotonic">;
  /** Receives what cannot be made, for the streamer. */
  readonly log: Logger;
}

/** A clip to make, and what it is made of. */
export interface HeldOrder extends ClipOrder {
  /** Lets go of its frames. */
  readonly release: () => void;
}

/** A clip in the queue. */
interface Entry {
  readonly clip: Clip;
  readonly order: HeldOrder;
  readonly stop: AbortController;
  /** When its viewer last cared about it, and when it was over. Monotonic. */
  seenAt: number;
  overAt: number;
}

/** Makes clips, one at a time, and keeps them for some minutes. */
export class ClipQueue implements AsyncDisposable {
  readonly #options: ClipQueueOptions;
  /** Oldest first. */
  #entries: Entry[] = [];
  #making: Promise<void> | null = null;
  #isClosed = false;

  /** Begins empty. */
  constructor(options: ClipQueueOptions) {
    this.#options = options;
  }

  /** Whether no further clip can wait. */
  get isFull(): boolean {
    return this.#isClosed || this.#unfinished.length >= MAX_WAITING;
  }

  /** Adds a clip; check {@linkcode ClipQueue.isFull} before. Its frames are let go of when it is over. */
  add(order: HeldOrder): Clip {
    const clip = new Clip({ format: order.format, duration: order.timeline.duration });
    const seenAt = this.#options.clock.monotonic();
    this.#entries.push({ clip, order, stop: new AbortController(), seenAt, overAt: Infinity });
    this.#makeNext();
    return clip;
  }

  /** Returns the number of clips that are made before one. */
  aheadOf(clip: Clip): number {
    return clip.isOver ? 0 : this.#unfinished.findIndex((entry) => entry.clip === clip);
  }

  /** Whether the clip is still kept. */
  has(clip: Clip): boolean {
    return this.#entries.some((entry) => entry.clip === clip);
  }

  /** Notes that its viewer still cares about a clip. */
  seen(clip: Clip): void {
    const entry = this.#entries.find((entry) => entry.clip === clip);
    if (entry) entry.seenAt = this.#options.clock.monotonic();
  }

  /** Gives up a clip, and forgets it. */
  cancel(clip: Clip): void {
    const entry = this.#entries.find((entry) => entry.clip === clip);
    if (!entry) return;
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#finish(entry, "cancelled");
  }

  /** Gives up all clips: of what they show, nothing is to remain. */
  clear(): void {
    for (const { clip } of [...this.#entries]) this.cancel(clip);
  }

  /** Gives up and forgets what nobody cares about. Call it about once a second. */
  tick(): void {
    const now = this.#options.clock.monotonic();
    let kept = 0;
    for (const entry of this.#entries.toReversed()) {
      const { clip, overAt } = entry;
      if (clip.readers > 0) entry.seenAt = now;
      if (!clip.isOver) {
        if (now - entry.seenAt > LEFT_MS) this.cancel(clip);
        continue;
      }
      kept += clip.bytes;
      const isOld = now - overAt > KEPT_MS || kept > MAX_KEPT_BYTES;
      if (kept > MAX_READ_BYTES) clip.drop();
      if (isOld && (clip.readers === 0 || clip.bytes === 0)) this.cancel(clip);
    }
  }

  /** Gives up everything; settles when no ffmpeg runs any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.clear();
    await this.#making;
  }

  get #unfinished(): Entry[] {
    return this.#entries.filter(({ clip }) => !clip.isOver);
  }

  #makeNext(): void {
    if (this.#making) return;
    const [next] = this.#unfinished;
    if (!next) return;
    this.#making = this.#make(next).finally(() => {
      this.#making = null;
      this.#makeNext();
    });
  }

  async #make(entry: Entry): Promise<void> {
    const { clip, order, stop: { signal } } = entry;
    const { maker, log } = this.#options;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      entry.stop.abort();
    }, MAX_MAKING_MS);
    clip.begin();
    try {
      await maker.make(order, {
        write(bytes) {
          if (clip.bytes + bytes.length > MAX_CLIP_BYTES) throw new ClipFailure("too-large");
          clip.write(bytes);
        },
        progress: (share) => clip.progressed(share),
        signal,
      });
      this.#finish(entry, null);
    } catch (error) {
      const code = isLate ? "hung" : error instanceof ClipFailure ? error.code : "failed";
      if (code !== "cancelled") {
        log.warn("A clip could not be made", { format: clip.format, reason: messageOf(error) });
      }
      this.#finish(entry, code);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends a clip, successfully without a code; does nothing if it is over. */
  #finish(entry: Entry, code: ClipFailureCode | null): void {
    const { clip, order, stop } = entry;
    if (clip.isOver) return;
    if (code === null) clip.end();
    else clip.fail(code);
    entry.overAt = this.#options.clock.monotonic();
    stop.abort();
    order.release();
  }
}
