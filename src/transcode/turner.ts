import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { frameOf } from "../media/packet.ts";
import { SOURCE } from "../media/rendition.ts";
import type { Turn } from "../media/turn.ts";
import type { Orientation } from "../media/jpeg/exif.ts";
import { orientationOfTurn, stepsOf } from "../media/jpeg/orientation.ts";
import type { Size } from "../media/jpeg/size.ts";
import type { Logger } from "../log/log.ts";
import type { Job } from "./job.ts";
import { TranscoderPool } from "./pool.ts";

/** How to set up a {@linkcode Turner}. */
export interface TurnerOptions {
  /** The turn to begin with. */
  readonly turn: Turn;
  /** Where it warns that frames cannot be turned. */
  readonly log: Logger;
  /**
   * Takes each frame, turned, and each card, in order.
   *
   * @param capturedAt Wall time when the frame arrived, milliseconds since the Unix epoch.
   */
  readonly onFrame: (jpeg: Uint8Array<ArrayBuffer>, capturedAt: number) => void;
  /** Creates the pool that turns frames. Default: one thread. */
  readonly createPool?: () => TurningPool;
  /** Default: the system's clock. */
  readonly clock?: Clock;
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

/** Counts of frames that were not turned. They only rise. */
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
 * Turns the source's frames before they reach a stream, in a thread that runs only while there is
 * something to turn. While the thread is busy, the newest frame waits and replaces the one before it.
 */
export class Turner {
  readonly #log: Logger;
  readonly #onFrame: TurnerOptions["onFrame"];
  readonly #createPool: () => TurningPool;
  readonly #clock: Clock;
  #turn: Turn;
  #orientation: Orientation;
  #pool: TurningPool | null = null;
  /** The newest frame, unturned; `null` while a card is shown. */
  #newest: { readonly jpeg: Uint8Array<ArrayBuffer>; readonly capturedAt: number } | null = null;
  /** Numbers frames and cards in order. */
  #sequence = 0;
  /** The newest frame or card that was passed on; older ones are dropped from then on. */
  #given = 0;
  /** When the first frame of an unbroken row that could not be turned arrived. Monotonic time. */
  #failingSince: number | null = null;
  #isWarned = false;
  /** Counts of the pools before the present one. */
  #superseded = 0;
  #corrupt = 0;

  /** Sets the turn up; the thread starts with the first frame to turn. */
  constructor({ turn, log, onFrame, createPool, clock = SYSTEM_CLOCK }: TurnerOptions) {
    this.#turn = turn;
    this.#orientation = orientationOfTurn(turn);
    this.#log = log;
    this.#onFrame = onFrame;
    this.#createPool = createPool ?? (() => new TranscoderPool({ codec: "dct", workers: 1, log }));
    this.#clock = clock;
  }

  /** Returns the turn in force. */
  get turn(): Turn {
    return this.#turn;
  }

  /** Changes the turn, beginning with the newest frame. */
  set turn(turn: Turn) {
    this.#turn = turn;
    const orientation = orientationOfTurn(turn);
    if (orientation === this.#orientation) return;
    this.#orientation = orientation;
    if (orientation === 1) this.stop();
    this.#dropPending();
    this.#failingSince = null;
    if (this.#newest) this.#takeFrame(this.#newest.jpeg, this.#newest.capturedAt);
  }

  /** Returns the counts of every pool so far. */
  get stats(): TurnerStats {
    const { superseded = 0, corrupt = 0 } = this.#pool?.stats ?? {};
    return { superseded: this.#superseded + superseded, corrupt: this.#corrupt + corrupt };
  }

  /** Returns the size that a frame of the given size has after turning. */
  sizeOf({ width, height }: Size): Size {
    const { transposed } = stepsOf(this.#orientation);
    return transposed ? { width: height, height: width } : { width, height };
  }

  /** Takes a frame of the source. Without a turn, passes the very same bytes on at once. */
  take(jpeg: Uint8Array<ArrayBuffer>): void {
    const capturedAt = this.#clock.wall();
    this.#newest = { jpeg, capturedAt };
    this.#takeFrame(jpeg, capturedAt);
  }

  /** Takes a card. It is drawn upright, so it is passed on as it is; pending frames are dropped. */
  takeCard(jpeg: Uint8Array<ArrayBuffer>): void {
    this.#newest = null;
    this.#failingSince = null;
    this.#give(++this.#sequence, jpeg, this.#clock.wall());
  }

  /** Ends the thread and drops pending frames. */
  stop(): void {
    const { superseded, corrupt } = this.stats;
    this.#superseded = superseded;
    this.#corrupt = corrupt;
    this.#pool?.stop();
    this.#pool = null;
    this.#dropPending();
  }

  #dropPending(): void {
    this.#given = ++this.#sequence;
  }

  #takeFrame(jpeg: Uint8Array<ArrayBuffer>, capturedAt: number): void {
    const sequence = ++this.#sequence;
    if (this.#orientation === 1) return this.#give(sequence, jpeg, capturedAt);
    this.#pool ??= this.#createPool();
    const takenAt = this.#clock.monotonic();
    this.#pool.transcode({
      stream: "camera",
      frame: frameOf(jpeg, sequence, capturedAt),
      renditions: [SOURCE],
      least: 1,
      orientation: this.#orientation,
      onOutput: (_, turned) => {
        this.#failingSince = null;
        this.#isWarned = false;
        this.#give(sequence, turned, capturedAt);
      },
      onFailure: () => {
        if (sequence >= this.#given) this.#takeFailure(sequence, jpeg, capturedAt, takenAt);
      },
    });
  }

  #takeFailure(
    sequence: number,
    jpeg: Uint8Array<ArrayBuffer>,
    capturedAt: number,
    takenAt: number,
  ): void {
    this.#failingSince ??= takenAt;
    if (this.#clock.monotonic() - this.#failingSince < UNTURNED_AFTER_MS) return;
    if (!this.#isWarned) {
      this.#isWarned = true;
      this.#log.warn("Showing the source's frames unturned: no codec can read them");
    }
    this.#give(sequence, jpeg, capturedAt);
  }

  #give(sequence: number, jpeg: Uint8Array<ArrayBuffer>, capturedAt: number): void {
    if (sequence < this.#given) return;
    this.#given = sequence;
    this.#onFrame(jpeg, capturedAt);
  }
}
