import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Orientation } from "../media/jpeg/exif.ts";
import { orientationOfTurn, stepsOf } from "../media/jpeg/orientation.ts";
import type { Size } from "../media/jpeg/size.ts";
import { Newest } from "../media/newest.ts";
import { type Frame, frameOf } from "../media/packet.ts";
import { SOURCE } from "../media/rendition.ts";
import type { SourceFrame } from "../media/source_frame.ts";
import type { Turn } from "../media/turn.ts";
import type { Logger } from "../log/log.ts";
import type { Job } from "./job.ts";
import { TranscoderPool } from "./pool.ts";

/** What a {@linkcode Turner} is given. */
export interface TurnerOptions {
  /** The turn to begin with. */
  readonly turn: Turn;
  /** Where it warns that frames cannot be turned. */
  readonly log: Logger;
  readonly createPool?: () => TurningPool;
  readonly clock?: Pick<Clock, "monotonic">;
}

/** What the turner needs of a transcoder pool with one thread. */
export interface TurningPool {
  /** Counts of frames that were not turned. */
  readonly stats: TurnerStats;
  /** Turns a frame. */
  transcode(job: Job): Promise<unknown>;
  /** Ends the thread. */
  stop(): void;
}

/** Frames that were not turned, since the start. */
export interface TurnerStats {
  /** Frames that a newer one replaced before they were turned. */
  readonly superseded: number;
  /** Frames that no codec could read. */
  readonly corrupt: number;
}

/**
 * A frame that cannot be turned is dropped, because a single upright frame would only flash up. If no
 * frame can be turned for this long, frames are shown unturned, because otherwise viewers would see
 * nothing. Milliseconds.
 */
const UNTURNED_AFTER_MS = 1000;

/**
 * Turns the source's frames before anyone gets them, in a thread of its own that runs only while there
 * is something to turn. While it is busy, the newest frame waits and replaces the one before.
 */
export class Turner {
  readonly #log: Logger;
  readonly #createPool: () => TurningPool;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #output = new Newest<Frame>();
  #turn: Turn;
  #orientation: Orientation;
  #pool: TurningPool | null = null;
  /** The newest frame as the source gave it; `null` while a card is shown. */
  #newest: Frame | null = null;
  /** Numbers frames and cards in their order. */
  #sequence = 0;
  /** The newest frame or card that was passed on; older ones are dropped from then on. */
  #given = 0;
  /** Arrival of the first of the frames that could not be turned, with no other among them. */
  #failingSince: number | null = null;
  #isWarned = false;
  /** Counts of the pools before the present one. */
  #superseded = 0;
  #corrupt = 0;

  constructor({ turn, log, createPool, clock = SYSTEM_CLOCK }: TurnerOptions) {
    this.#turn = turn;
    this.#orientation = orientationOfTurn(turn);
    this.#log = log;
    this.#createPool = createPool ?? (() => new TranscoderPool({ codec: "dct", workers: 1, log }));
    this.#clock = clock;
  }

  /** How frames are turned; set it to turn them otherwise from now on, the newest one included. */
  get turn(): Turn {
    return this.#turn;
  }

  set turn(turn: Turn) {
    this.#turn = turn;
    const orientation = orientationOfTurn(turn);
    if (orientation === this.#orientation) return;
    this.#orientation = orientation;
    if (orientation === 1) this.stop();
    this.#dropPending();
    this.#failingSince = null;
    if (this.#newest) this.#takeFrame(this.#newest);
  }

  /** The counts so far. */
  get stats(): TurnerStats {
    const { superseded = 0, corrupt = 0 } = this.#pool?.stats ?? {};
    return {
      superseded: this.#superseded + superseded + this.#output.dropped,
      corrupt: this.#corrupt + corrupt,
    };
  }

  /** Returns the size that a frame of the given size has after turning. */
  sizeOf({ width, height }: Size): Size {
    const { transposed } = stepsOf(this.#orientation);
    return transposed ? { width: height, height: width } : { width, height };
  }

  /**
   * Yields each frame of the source, turned, and each card, in their order; to be read once. Without a
   * turn, frames keep the very same bytes. A card is drawn upright: it passes as it is, in place of
   * the frames that are still being turned.
   */
  async *packets(source: AsyncIterable<SourceFrame>): AsyncGenerator<Frame, void, void> {
    const reading = this.#read(source);
    yield* this.#output;
    await reading;
  }

  /** Ends the thread and drops pending frames. */
  stop(): void {
    const { superseded = 0, corrupt = 0 } = this.#pool?.stats ?? {};
    this.#superseded += superseded;
    this.#corrupt += corrupt;
    this.#pool?.stop();
    this.#pool = null;
    this.#dropPending();
  }

  async #read(source: AsyncIterable<SourceFrame>): Promise<void> {
    try {
      for await (const frame of source) {
        if (frame.isCard) this.#takeCard(frame);
        else this.#takeFrame(this.#newest = frame);
      }
    } finally {
      this.#output.end();
    }
  }

  #dropPending(): void {
    this.#given = ++this.#sequence;
  }

  #takeCard({ data, at }: Frame): void {
    this.#newest = null;
    this.#failingSince = null;
    this.#give(frameOf(data, ++this.#sequence, at));
  }

  #takeFrame({ data, at }: Frame): void {
    const frame = frameOf(data, ++this.#sequence, at);
    if (this.#orientation === 1) return this.#give(frame);
    this.#pool ??= this.#createPool();
    const takenAt = this.#clock.monotonic();
    this.#pool.transcode({
      stream: "camera",
      frame,
      renditions: [SOURCE],
      least: 1,
      orientation: this.#orientation,
      onOutput: (_, turned) => {
        this.#failingSince = null;
        this.#isWarned = false;
        this.#give({ ...frame, data: turned });
      },
      onFailure: () => {
        if (frame.sequence >= this.#given) this.#takeFailure(frame, takenAt);
      },
    });
  }

  #takeFailure(frame: Frame, takenAt: number): void {
    this.#failingSince ??= takenAt;
    if (this.#clock.monotonic() - this.#failingSince < UNTURNED_AFTER_MS) return;
    if (!this.#isWarned) {
      this.#isWarned = true;
      this.#log.warn("Showing the source's frames unturned: no codec can read them");
    }
    this.#give(frame);
  }

  #give(frame: Frame): void {
    if (frame.sequence < this.#given) return;
    this.#given = frame.sequence;
    this.#output.put(frame);
  }
}
