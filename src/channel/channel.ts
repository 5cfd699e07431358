import { z } from "zod";
import { refusalOf } from "./refusal.ts";
import type { ChannelStore } from "./store.ts";
import type { Logger } from "../log/log.ts";

/** A title from outside: 1 to 100 characters on one line, as `--title` takes it. */
export const oneLineTitle = z.string().trim().min(1).max(100).regex(
  /^\P{Cc}*$/u,
  "a title is one line",
);

export interface ChannelOptions {
  /** The title of the command line. */
  readonly title: string;
  /** Whether to start off air in any case; else the channel is as it was. */
  readonly offAir: boolean;
  readonly store: ChannelStore;
  readonly log: Logger;
  /** Called after every change. */
  readonly onChange?: () => void;
}

/**
 * What the streamer says of the channel: its title, and whether it is on air. Both are kept, so that
 * a restart neither shows a camera that was off air nor forgets a title. A change that cannot be
 * kept holds until the program ends.
 */
export class Channel {
  readonly #options: ChannelOptions;
  #title: string;
  #isOnAir: boolean;

  /** @throws {StoreError} What was kept cannot be read. */
  constructor(options: ChannelOptions) {
    const { title, offAir, store, log } = this.#options = options;
    const kept = store.title();
    // Another title on the command line than before is newer than the one that the streamer set.
    this.#title = kept?.insteadOf === title ? kept.title : title;
    const wasOnAir = store.isOnAir() ?? true;
    this.#isOnAir = wasOnAir && !offAir;
    if (this.#isOnAir) return;
    log.warn("Off air: go on air in the studio");
    if (wasOnAir) this.#keepOnAir();
  }

  get title(): string {
    return this.#title;
  }

  setTitle(title: string): void {
    if (title === this.#title) return;
    const { store, log, title: insteadOf, onChange } = this.#options;
    this.#title = title;
    log.info(`The title is now "${title}"`);
    this.#keep(() => store.setTitle({ title, insteadOf }));
    onChange?.();
  }

  /** Whether viewers see the camera; off air they keep their connections and see a card. */
  get onAir(): boolean {
    return this.#isOnAir;
  }

  setOnAir(isOnAir: boolean): void {
    if (isOnAir === this.#isOnAir) return;
    this.#isOnAir = isOnAir;
    this.#options.log.info(isOnAir ? "On air" : "Off air: viewers see a card");
    this.#keepOnAir();
    this.#options.onChange?.();
  }

  #keepOnAir(): void {
    this.#keep(() => this.#options.store.setOnAir(this.#isOnAir));
  }

  #keep(action: () => void): void {
    const unkept = refusalOf(action);
    if (!unkept) return;
    this.#options.log.warn(
      `A restart undoes the last change to the channel: ${unkept.refused.reason}`,
    );
  }
}
