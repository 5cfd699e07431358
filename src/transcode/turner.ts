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

/** Options of {@linkcode Turner}. */
export interface TurnerOptions {
  /** How frames are turned at first. */
  readonly turn: Turn;
  /** Receives a warning if frames cannot be turned. */
  readonly log: Logger;
  /** Creates the thread. Default: a pool of one worker. */
  readonly createPool?: () => TurningPool;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** The part of a pool of one thread that {@linkcode Turner} uses. */
export interface TurningPool {
  /** Jobs that were not done. */
  readonly stats: TurnerStats;
  /** Does a job, or drops it for a newer one. */
  transcode(job: Job): Promise<unknown>;
  /** Ends the thread. */
  stop(): void;
}

/** Counts of the frames that were not turned, since the start. */
export interface TurnerStats {
  /** Frames that a newer one replaced before they were turned. */
  readonly superseded: number;
  /** Frames that no codec could read. */
  readonly corrupt: number;
}

/**
 * A frame that cannot be turned is skipped, because it would flash up in another position. If none
 * can be turned for this long, they are shown as they come, so that viewers see something.
 * Milliseconds.
 */
const UNTURNED_AFTER_MS = 1000;

/**
 * Turns the source's frames before they reach a stream, in a thread of its own that runs only while there
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
  /** Sequence number of the newest frame or card that was passed on; older ones are dropped. */
  #given = 0;
  /** Arrival of the first of the frames that could not be turned, with no other among them. */
  #failingSince: number | null = null;
  #isWarned = false;
  /** Counts of the pools before the current one. */
  #superseded = 0;
  #corrupt = 0;

  /** Creates a turner without a thread. */
  constructor({ turn, log, createPool, clock = SYSTEM_CLOCK }: TurnerOptions) {
    this.#turn = turn;
    this.#orientation = orientationOfTurn(turn);
    this.#log = log;
    this.#createPool = createPool ?? (() => new TranscoderPool({ codec: "dct", workers: 1, log }));
    this.#clock = clock;
  }

  /** How frames are turned. Setting it turns the newest frame again. */
  get turn(): Turn {
    return this.#turn;
  }

  /** Turns frames differently from now on, starting with the newest one. */
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

  /** Counts since the start. */
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
   * Yields each frame of the source, turned, and each card, in order. Can be called only once.
   *
   * Without a turn, frames pass unchanged. A card is drawn upright, so it always passes unchanged, and
   * it drops the frames that are still being turned.
   */
  async *packets(source: AsyncIterable<SourceFrame>): AsyncGenerator<Frame, void, void> {
    const reading = this.#read(source);
    yield* this.#output;
    await reading;
  }

  /** Ends the thread and drops the frames that are being turned. */
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

  #takeFrame({ data, at, due }: Frame): void {
    const frame = frameOf(data, ++this.#sequence, at, due);
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
      this.#log.warn("Rotation disabled: no codec can decode the source's frames");
    }
    this.#give(frame);
  }

  #give(frame: Frame): void {
    if (frame.sequence < this.#given) return;
    this.#given = frame.sequence;
    this.#output.put(frame);
  }
}
