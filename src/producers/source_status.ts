import { messageOf } from "../errors.ts";
import type { Emitter } from "../events.ts";
import type { Logger } from "../log/log.ts";
import type { Source } from "./ffmpeg/source.ts";
import { nameSource, titleSource } from "./ffmpeg/source_name.ts";
import { type StandbyOptions, standbyPicture } from "../pictures/standby.ts";
import type { Wording } from "./ffmpeg/wording.ts";

/** Whether there are pictures, as anyone may know it. */
export interface SourceState {
  /** Whether the source's own pictures flow. */
  readonly live: boolean;
  /** What kind of source it is: `network camera`. */
  readonly source: string;
  /** Why it is not live, and what to do; null while it is. */
  readonly reason: string | null;
}

/** The same of the source as the streamer may know it. */
export interface SourceDetails {
  /** `Fake Webcam (/dev/video0)`, `rtsp://10.0.0.7`, `test picture`. */
  readonly source: string;
  readonly reason: string | null;
}

/** What a standby card looks like, except for its reason. */
export type CardDesign = Omit<StandbyOptions, "reason">;

/** What a {@linkcode SourceStatus} announces. */
export interface SourceStatusEvents {
  /** The source, or why it gives no frames, has changed. */
  readonly state: SourceState;
  /** A standby card has been drawn: one for each new reason. */
  readonly card: Uint8Array<ArrayBuffer>;
}

/** What a {@linkcode SourceStatus} is given. */
export interface SourceStatusOptions {
  /** Returns the size and title of a card; called for each card. */
  readonly card: () => CardDesign;
  readonly log: Logger;
  readonly events: Pick<Emitter<SourceStatusEvents>, "emit">;
}

/** Knows whether a source gives pictures; where it does not, says why, on a card too. */
export class SourceStatus {
  readonly #options: SourceStatusOptions;
  #live = false;
  #source: Wording;
  #reason: Wording | null = OPENING;
  #isClosed = false;

  constructor(source: Source, options: SourceStatusOptions) {
    this.#source = titleSource(source);
    this.#options = options;
  }

  get state(): SourceState {
    return {
      live: this.#live,
      source: this.#source.forAnyone,
      reason: this.#reason?.forAnyone ?? null,
    };
  }

  /** Only for the streamer. */
  get details(): SourceDetails {
    return { source: this.#source.forStreamer, reason: this.#reason?.forStreamer ?? null };
  }

  get isLive(): boolean {
    return this.#live;
  }

  /** Names the source that is shown from now on. */
  setSource(source: Source): void {
    this.#set({ source: titleSource(source) });
  }

  /** Notes that the source gives pictures. */
  setLive(): void {
    this.#options.log.info(`Live from ${this.#source.forStreamer}`);
    this.#set({ live: true, reason: null });
  }

  /** Says why there are no pictures, and shows it. */
  async standBy(reason: Wording): Promise<void> {
    if (this.#isClosed || (!this.#live && this.isReason(reason))) return;
    this.#set({ live: false, reason });
    await this.#drawCard(reason);
  }

  /** Draws the card anew, if it is shown, because frames have another size now. */
  async redrawCard(): Promise<void> {
    const reason = this.#reason;
    if (!this.#live && reason !== null && reason !== OPENING) await this.#drawCard(reason);
  }

  async #drawCard(reason: Wording): Promise<void> {
    const { card, log, events } = this.#options;
    try {
      const jpeg = await standbyPicture({ ...card(), reason: reason.forAnyone });
      if (this.#reason === reason && !this.#isClosed) events.emit("card", jpeg);
    } catch (error) {
      log.error("Cannot draw the standby picture", { error: messageOf(error) });
    }
  }

  /** Says that a source gives no pictures yet. */
  async waitFor(source: Source): Promise<void> {
    const { forAnyone, forStreamer } = nameSource(source);
    const reason = {
      forAnyone: `Waiting for pictures from ${forAnyone}`,
      forStreamer: `Waiting for pictures from ${forStreamer}`,
    };
    this.#options.log.info(reason.forStreamer);
    await this.standBy(reason);
  }

  /** Returns whether this is the present reason. */
  isReason(reason: Wording | null): boolean {
    return isSameWording(reason, this.#reason);
  }

  /** Shows no card any more. */
  close(): void {
    this.#isClosed = true;
  }

  #set(change: Partial<{ live: boolean; source: Wording; reason: Wording | null }>): void {
    const { live = this.#live, source = this.#source, reason = this.#reason } = change;
    const isSame = live === this.#live && isSameWording(source, this.#source) &&
      this.isReason(reason);
    if (isSame) return;
    this.#live = live;
    this.#source = source;
    this.#reason = reason;
    this.#options.events.emit("state", this.state);
  }
}

const OPENING: Wording = {
  forAnyone: "The source is being opened",
  forStreamer: "The source is being opened",
};

function isSameWording(one: Wording | null, other: Wording | null): boolean {
  return one?.forAnyone === other?.forAnyone && one?.forStreamer === other?.forStreamer;
}
