import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { type Rendition, SOURCE } from "../media/rendition.ts";
import type { Stream } from "./stream.ts";
import type { Part } from "../media/multipart.ts";

/** What snapshots are built with. */
export interface SnapshotsOptions {
  /** The stream whose frames are given. */
  readonly stream: Pick<Stream, "join" | "leave" | "partOf">;
  /** The clock; a test gives its own. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** A snapshot that is being made, or was made at that time. */
interface Kept {
  readonly part: Promise<Part | null>;
  madeAt: number;
}

/** Whoever asks for a rendition again within this time is given the same snapshot. Milliseconds. */
const KEPT_MS = 250;

/** Long enough for the slowest codec and a camera that has just gone. Milliseconds. */
const PATIENCE_MS = 5000;

/**
 * After a snapshot that had to be made, the next one has to wait so many times as long as that took,
 * two seconds at most: together they take a fifth of one thread, however many are asked for.
 */
const REST = 4;
const MAX_REST_MS = 2000;

/** Single frames in any rendition, each made once for all who ask for it at about the same time. */
export class Snapshots {
  readonly #stream: SnapshotsOptions["stream"];
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #kept = new Map<Rendition, Kept>();
  /** Settles when the one before has been made. */
  #turn: Promise<unknown> = Promise.resolve();
  #restUntil = -Infinity;

  /** Keeps no snapshot yet. */
  constructor({ stream, clock = SYSTEM_CLOCK }: SnapshotsOptions) {
    this.#stream = stream;
    this.#clock = clock;
  }

  /**
   * Returns a frame in that rendition, at most 250 ms older than the newest; the source's own bytes,
   * which nobody has to make, always of the newest. `null` where none came in five seconds.
   */
  take(rendition: Rendition): Promise<Part | null> {
    if (rendition === SOURCE) {
      return Promise.resolve(this.#stream.partOf(rendition) ?? this.#next(rendition));
    }
    this.tick();
    const kept = this.#kept.get(rendition);
    if (kept) return kept.part;
    const made: Kept = { part: this.#make(rendition), madeAt: Infinity };
    this.#kept.set(rendition, made);
    made.part.then((part) => {
      if (part) made.madeAt = this.#clock.monotonic();
      else this.#kept.delete(rendition);
    });
    return made.part;
  }

  /** To be called some times a second: lets go of snapshots that are too old to be given. */
  tick(): void {
    const now = this.#clock.monotonic();
    for (const [rendition, { madeAt }] of this.#kept) {
      if (now - madeAt >= KEPT_MS) this.#kept.delete(rendition);
    }
  }

  async #make(rendition: Rendition): Promise<Part | null> {
    const ready = this.#stream.partOf(rendition);
    if (ready) return ready;
    const giveUpAt = this.#clock.monotonic() + PATIENCE_MS;
    const turn = this.#turn.then(async () => {
      const rest = this.#restUntil - this.#clock.monotonic();
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      const start = this.#clock.monotonic();
      if (start >= giveUpAt) return null;
      const part = await this.#next(rendition, giveUpAt - start);
      if (part) {
        this.#restUntil = this.#clock.monotonic() +
          Math.min(REST * (this.#clock.monotonic() - start), MAX_REST_MS);
      }
      return part;
    });
    this.#turn = turn;
    return await turn;
  }

  /** The next frame in one rendition; `null` when none comes in so many milliseconds. */
  #next(rendition: Rendition, patience = PATIENCE_MS): Promise<Part | null> {
    return new Promise((resolve) => {
      const settle = (part: Part | null) => {
        clearTimeout(timer);
        this.#stream.leave(consumer);
        resolve(part);
      };
      const consumer = {
        followsMotion: false,
        origin: null,
        decide: () => rendition,
        deliver: settle,
      };
      const timer = setTimeout(() => settle(null), patience);
      this.#stream.join(consumer);
    });
  }
}
