import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/log.ts";
import { type KeepRule, surplus } from "./keep.ts";
import type { RecordingStorage } from "./storage.ts";
import type { StoredRecording } from "./stored_recording.ts";

/** How often the folder is looked at. Milliseconds. */
const LOOK_MS = 5_000;

/** How often unfinished recordings are looked for. Milliseconds. */
const REPAIR_MS = 15_000;

/** Once too little was free, so much more has to be. Bytes. */
const MARGIN = 50_000_000;

/** Some file systems report freed space only after so long. Milliseconds. */
const SETTLE_MS = 4_000;

/** What a shelf is built with. */
export interface ShelfOptions {
  /** The folder. */
  readonly storage: Pick<RecordingStorage, "list" | "delete" | "repair">;
  /** What to delete; `null` for nothing. */
  readonly rule: KeepRule | null;
  /** Bytes that stay free on the disk. */
  readonly minFree: number;
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

/** Knows the recordings that there are, and deletes those beyond the rule. */
export class Shelf {
  readonly #options: ShelfOptions;
  #recordings: readonly StoredRecording[] = [];
  #free: number | null = null;
  #isFull = false;
  #deletedAt = -Infinity;
  #failure: string | null = null;
  #lookAt = -Infinity;
  #repairAt = -Infinity;
  #isLooking = false;

  /** Knows nothing yet. */
  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  /** The recordings when the folder was last looked at, oldest first. */
  get recordings(): readonly StoredRecording[] {
    return this.#recordings;
  }

  /** Bytes free on their disk; `null` if unknown. */
  get free(): number | null {
    return this.#free;
  }

  /** Why nothing may be written; `null` if it may. */
  get problem(): string | null {
    if (this.#failure !== null) return this.#failure;
    if (!this.#isFull) return null;
    const { minFree, rule } = this.#options;
    const remedy = rule === null ? "delete something, or set --keep" : "delete something else";
    return `less than ${sizeInWords(minFree)} of the disk is free: ${remedy}`;
  }

  /** Looks at the folder soon, as something has changed in it. */
  changed(): void {
    this.#lookAt = -Infinity;
  }

  /**
   * Looks at the folder when it is time. Call it a few times a second.
   *
   * @param writing The recording that is being written; `null` if none is.
   * @param onLook Called when it has looked.
   */
  tick(writing: string | null, onLook: () => void): void {
    const now = this.#options.clock.monotonic();
    if (this.#isLooking || now < this.#lookAt) return;
    this.#isLooking = true;
    this.#lookAt = now + LOOK_MS;
    this.look(writing).then(onLook).finally(() => this.#isLooking = false);
  }

  /** Looks at the folder now, and deletes what is too much. Never rejects. */
  async look(writing: string | null): Promise<void> {
    const { storage, rule, minFree, log, clock } = this.#options;
    try {
      const now = clock.monotonic();
      let { recordings, free } = await storage.list();
      const wanted = minFree + (this.#isFull ? MARGIN : 0);
      const situation = { recordings, free, minFree: wanted, rule, writing, now: clock.wall() };
      const names = now - this.#deletedAt < SETTLE_MS ? [] : surplus(situation);
      if (names.length > 0) this.#deletedAt = now;
      for (const name of names) {
        await storage.delete(name);
        log.debug("Deleted an old recording", { name });
      }
      if (names.length > 0) ({ recordings, free } = await storage.list());
      this.#recordings = recordings;
      this.#free = free;
      const isSettled = now - this.#deletedAt >= SETTLE_MS;
      this.#isFull = free < wanted && (this.#isFull || isSettled);
      this.#failure = null;
      await this.#repair(writing);
    } catch (error) {
      this.#failure = (error as Error).message;
      this.#free = null;
    }
  }

  async #repair(writing: string | null): Promise<void> {
    const now = this.#options.clock.monotonic();
    const isUnfinished = this.#recordings.some(({ name, duration }) =>
      duration === null && name !== writing
    );
    if (!isUnfinished || now < this.#repairAt) return;
    this.#repairAt = now + REPAIR_MS;
    await this.#options.storage.repair();
  }
}

/** Returns a size as people write it: `1 GB`. */
function sizeInWords(bytes: number): string {
  return bytes >= 1e9 ? `${bytes / 1e9} GB` : `${Math.round(bytes / 1e6)} MB`;
}
