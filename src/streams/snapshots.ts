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

/** A snapshot that is being made, or was made at that monotonic time. */
interface Kept {
  readonly part: Promise<Part | null>;
  madeAt: number;
}

/** A rendition that is requested again within this time is the same snapshot. Milliseconds. */
const KEPT_MS = 250;

/** Long enough for the slowest codec, and for a camera that has just gone. Milliseconds. */
const PATIENCE_MS = 5000;

/**
 * After a snapshot that took time to make, the next one waits this many times as long, at most two
 * seconds: together they take a fifth of one thread, however many are requested.
 */
const REST = 4;
const MAX_REST_MS = 2000;

/** Gives single frames in any rendition, each made once for all requests of about the same time. */
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
   * which need no making, are always of the newest. `null` if none comes within five seconds.
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

  /** Forgets snapshots that are too old to be given. Call this a few times a second. */
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

  /** Returns the next frame in that rendition; `null` if none comes within `patience` milliseconds. */
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
