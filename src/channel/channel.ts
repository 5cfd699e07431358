import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { Emitter } from "../events.ts";
import type { Logger } from "../log/log.ts";
import { refusalOf } from "./refusal.ts";
import { StartTime } from "./start_time.ts";
import type { ChannelStore } from "./store.ts";

/** Options of {@linkcode Channel}. */
export interface ChannelOptions {
  /** The title from the command line. */
  readonly title: string;
  /** Whether to start off air; otherwise the channel starts as it last was. */
  readonly offAir: boolean;
  /** Stores the title, and whether the channel is on air. */
  readonly store: ChannelStore;
  /** Receives what happens, for the streamer. */
  readonly log: Logger;
  /** Default: the system's clock. */
  readonly clock?: Clock;
}

/** Events of {@linkcode Channel}. */
export interface ChannelEvents {
  /** The title changed, or the channel went on or off air. */
  readonly change: { readonly title: string; readonly onAir: boolean };
}

/**
 * The channel's title, and whether it is on air. Both are stored, so that a restart neither shows a
 * camera that was off air nor loses a title. A change that cannot be stored lasts until the program
 * ends.
 */
export class Channel {
  /** Emits what changes. */
  readonly events: Emitter<ChannelEvents> = new Emitter();
  readonly #options: ChannelOptions;
  #title: string;
  /** `null` off air. */
  #onAirFrom: StartTime | null;

  /**
   * Restores the channel from the store.
   *
   * @throws {StoreError} It cannot be read.
   */
  constructor(options: ChannelOptions) {
    const { title, offAir, store, log } = this.#options = options;
    const kept = store.title();
    // If the title on the command line is another one than before, it is newer than the studio's.
    this.#title = kept?.insteadOf === title ? kept.title : title;
    const wasOnAir = store.isOnAir() ?? true;
    this.#onAirFrom = wasOnAir && !offAir ? this.#startNow() : null;
    if (this.onAir) return;
    log.warn("Off air: go on air in the studio");
    if (wasOnAir) this.#keepOnAir();
  }

  /** The title that viewers see. */
  get title(): string {
    return this.#title;
  }

  /** Changes the title. */
  setTitle(title: string): void {
    if (title === this.#title) return;
    const { store, log, title: insteadOf } = this.#options;
    this.#title = title;
    log.info(`The title is now "${title}"`);
    this.#keep(() => store.setTitle({ title, insteadOf }));
    this.#emitChange();
  }

  /** Whether viewers see the camera; off air they keep their connections and see a card. */
  get onAir(): boolean {
    return this.#onAirFrom !== null;
  }

  /** When the channel last went on air, in wall time: at the start or later; `null` off air. */
  get onAirSince(): number | null {
    return this.#onAirFrom?.at ?? null;
  }

  /** Goes on or off air. */
  setOnAir(isOnAir: boolean): void {
    if (isOnAir === this.onAir) return;
    this.#onAirFrom = isOnAir ? this.#startNow() : null;
    this.#options.log.info(isOnAir ? "On air" : "Off air: viewers see a card");
    this.#keepOnAir();
    this.#emitChange();
  }

  #startNow(): StartTime {
    return new StartTime(this.#options.clock ?? SYSTEM_CLOCK);
  }

  #emitChange(): void {
    this.events.emit("change", { title: this.#title, onAir: this.onAir });
  }

  #keepOnAir(): void {
    this.#keep(() => this.#options.store.setOnAir(this.onAir));
  }

  #keep(action: () => void): void {
    const failed = refusalOf(action);
    if (!failed) return;
    this.#options.log.warn(
      `A restart will undo the last change to the channel: ${failed.refused.reason}`,
    );
  }
}
