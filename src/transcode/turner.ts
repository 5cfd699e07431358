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

type Jpeg = Uint8Array<ArrayBuffer>;

export interface TurnerOptions {
  readonly turn: Turn;
  readonly log: Logger;
  /**
   * Takes each frame, turned, and each card, in their order.
   *
   * @param capturedAt When the frame arrived, in milliseconds since the Unix epoch.
   */
  readonly onFrame: (jpeg: Jpeg, capturedAt: number) => void;
  readonly createPool?: () => TurningPool;
  readonly clock?: Clock;
}

/** What the turner needs of a pool of one thread. */
export interface TurningPool {
  readonly stats: { readonly superseded: number; readonly corrupt: number };
  transcode(job: Job): Promise<unknown>;
  stop(): void;
}

export interface TurnerStats {
  /** Frames that a newer one replaced before they were turned. */
  readonly superseded: number;
  /** Frames that no codec could read. */
  readonly corrupt: number;
}

/**
 * A frame that cannot be turned is left out, as one in another position would only flash up. If none
 * can be turned for so long, they are shown as they come, as otherwise viewers would see nothing.
 * Milliseconds.
 */
const UNTURNED_AFTER_MS = 1000;

/**
 * Turns the source's frames before anyone gets them, in a thread of its own, which is there only while
 * there is something to turn. While it is busy, the newest frame waits and replaces the one before.
 */
export class Turner {
  readonly #log: Logger;
  readonly #onFrame: TurnerOptions["onFrame"];
  readonly #createPool: () => TurningPool;
  readonly #clock: Clock;
  #turn: Turn;
  #orientation: Orientation;
  #pool: TurningPool | null = null;
  /** The newest frame as the source gave it; `null` while a card is shown. */
  #newest: { readonly jpeg: Jpeg; readonly capturedAt: number } | null = null;
  /** Numbers frames and cards in their order. */
  #sequence = 0;
  /** The newest frame or card that was passed on; older ones no longer are. */
  #given = 0;
  /** When the first of the frames that could not be turned came, with no other among them. */
  #failingSince: number | null = null;
  #isWarned = false;
  /** Of the pools before the present one. */
  #superseded = 0;
  #corrupt = 0;

  constructor({ turn, log, onFrame, createPool, clock = SYSTEM_CLOCK }: TurnerOptions) {
    this.#turn = turn;
    this.#orientation = orientationOfTurn(turn);
    this.#log = log;
    this.#onFrame = onFrame;
    this.#createPool = createPool ?? (() => new TranscoderPool({ codec: "dct", workers: 1, log }));
    this.#clock = clock;
  }

  get turn(): Turn {
    return this.#turn;
  }

  /** Turns frames so from now on, beginning with the newest one. */
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

  get stats(): TurnerStats {
    const { superseded = 0, corrupt = 0 } = this.#pool?.stats ?? {};
    return { superseded: this.#superseded + superseded, corrupt: this.#corrupt + corrupt };
  }

  /** Returns the size that a frame of the given size has when it is turned. */
  sizeOf({ width, height }: Size): Size {
    const { transposed } = stepsOf(this.#orientation);
    return transposed ? { width: height, height: width } : { width, height };
  }

  /** Takes a frame of the source. Without a turn it is passed on at once, the very same bytes. */
  take(jpeg: Jpeg): void {
    const capturedAt = this.#clock.wall();
    this.#newest = { jpeg, capturedAt };
    this.#takeFrame(jpeg, capturedAt);
  }

  /** Takes a card, which is drawn upright: passes it on as it is, in place of frames on their way. */
  takeCard(jpeg: Jpeg): void {
    this.#newest = null;
    this.#failingSince = null;
    this.#give(++this.#sequence, jpeg, this.#clock.wall());
  }

  /** Ends the thread; frames on their way are dropped. */
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

  #takeFrame(jpeg: Jpeg, capturedAt: number): void {
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

  #takeFailure(sequence: number, jpeg: Jpeg, capturedAt: number, takenAt: number): void {
    this.#failingSince ??= takenAt;
    if (this.#clock.monotonic() - this.#failingSince < UNTURNED_AFTER_MS) return;
    if (!this.#isWarned) {
      this.#isWarned = true;
      this.#log.warn("Showing the source's frames unturned: no codec can read them");
    }
    this.#give(sequence, jpeg, capturedAt);
  }

  #give(sequence: number, jpeg: Jpeg, capturedAt: number): void {
    if (sequence < this.#given) return;
    this.#given = sequence;
    this.#onFrame(jpeg, capturedAt);
  }
}
