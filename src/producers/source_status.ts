import { messageOf } from "../errors.ts";
import type { Emitter } from "../events.ts";
import type { Logger } from "../log/log.ts";
import type { Source } from "./ffmpeg/source.ts";
import { nameSource, titleSource } from "./ffmpeg/source_name.ts";
import { type StandbyOptions, standbyPicture } from "../pictures/standby.ts";
import type { SourceReason } from "../live_messages.ts";
import type { Reason } from "./ffmpeg/reason.ts";
import type { Wording } from "./ffmpeg/wording.ts";
import { reasonText } from "./reason_text.ts";

/** Whether there are frames, as everyone may know it. */
export interface SourceState {
  /** Whether the source's own frames flow. */
  readonly live: boolean;
  /** The kind of source, such as `network camera`. */
  readonly source: string;
  /** Why it is not live; null while it is live. */
  readonly reason: SourceReason | null;
}

/** The same in words that only the streamer may see, because they name the source. */
export interface SourceDetails {
  /** The source by its name: `Fake Webcam (/dev/video0)`, `rtsp://10.0.0.7`, `test picture`. */
  readonly source: string;
  /** Why it is not live, and what to do; null while it is live. */
  readonly reason: string | null;
}

/** What a standby card looks like, except for its reason. */
export type CardDesign = Omit<StandbyOptions, "reason">;

/** Events of {@linkcode SourceStatus}. */
export interface SourceStatusEvents {
  /** The source, or why it gives no frames, has changed. */
  readonly state: SourceState;
  /** A standby card has been drawn: one for each new reason. */
  readonly card: Uint8Array<ArrayBuffer>;
}

/** Options of {@linkcode SourceStatus}. */
export interface SourceStatusOptions {
  /** Returns the size and title of a card; called for each card. */
  readonly card: () => CardDesign;
  /** Receives a line when the source goes live or is waited for. */
  readonly log: Logger;
  /** Emits the events. */
  readonly events: Pick<Emitter<SourceStatusEvents>, "emit">;
}

/** Knows whether the source is live and, if not, why; draws the card that says so. */
export class SourceStatus {
  readonly #options: SourceStatusOptions;
  #live = false;
  #source: Wording;
  #reason: Reason | null = OPENING;
  #isClosed = false;

  /** Creates the status of a source that is being opened. */
  constructor(source: Source, options: SourceStatusOptions) {
    this.#source = titleSource(source);
    this.#options = options;
  }

  /** The state that everyone may see. */
  get state(): SourceState {
    return {
      live: this.#live,
      source: this.#source.forAnyone,
      reason: this.#reason?.code ?? null,
    };
  }

  /** The details that only the streamer may see. */
  get details(): SourceDetails {
    return { source: this.#source.forStreamer, reason: this.#reason?.forStreamer ?? null };
  }

  /** Whether the source's own frames flow. */
  get isLive(): boolean {
    return this.#live;
  }

  /** Sets the source that is shown from now on. */
  setSource(source: Source): void {
    this.#set({ source: titleSource(source) });
  }

  /** Records that the source gives frames. */
  setLive(): void {
    this.#options.log.info(`Streaming: ${this.#source.forStreamer}`);
    this.#set({ live: true, reason: null });
  }

  /** Records why there are no frames, and draws a card for a new reason. */
  async standBy(reason: Reason): Promise<void> {
    if (this.#isClosed || (!this.#live && this.isReason(reason))) return;
    this.#set({ live: false, reason });
    await this.#drawCard(reason);
  }

  /** Draws the current card again, if there is one, because frames have another size now. */
  async redrawCard(): Promise<void> {
    const reason = this.#reason;
    if (!this.#live && reason !== null && reason !== OPENING) await this.#drawCard(reason);
  }

  async #drawCard(reason: Reason): Promise<void> {
    const { card, log, events } = this.#options;
    try {
      const jpeg = await standbyPicture({ ...card(), reason: reasonText(reason.code) });
      if (this.#reason === reason && !this.#isClosed) events.emit("card", jpeg);
    } catch (error) {
      log.error("Cannot draw the standby picture", { error: messageOf(error) });
    }
  }

  /** Records that a source has given no frames yet. */
  async waitFor(source: Source): Promise<void> {
    const { forStreamer: name } = nameSource(source);
    const reason: Reason = { code: "waiting", forStreamer: `Waiting for pictures from ${name}` };
    this.#options.log.info(reason.forStreamer);
    await this.standBy(reason);
  }

  /** Returns whether this is the current reason. */
  isReason(reason: Reason | null): boolean {
    return reason?.code === this.#reason?.code &&
      reason?.forStreamer === this.#reason?.forStreamer;
  }

  /** Draws no more cards. */
  close(): void {
    this.#isClosed = true;
  }

  #set(change: Partial<{ live: boolean; source: Wording; reason: Reason | null }>): void {
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

const OPENING: Reason = { code: "opening", forStreamer: "The source is being opened" };

function isSameWording(one: Wording, other: Wording): boolean {
  return one.forAnyone === other.forAnyone && one.forStreamer === other.forStreamer;
}
