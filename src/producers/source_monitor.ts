import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import { Emitter } from "../events.ts";
import type { Logger } from "../log/log.ts";
import type { Source } from "./ffmpeg/source.ts";
import { Interruptions, type SourceFailure } from "./interruptions.ts";
import {
  type CardDesign,
  type SourceDetails,
  type SourceState,
  SourceStatus,
  type SourceStatusEvents,
} from "./source_status.ts";

/** A source without a frame for this long gets a card that says what viewers wait for. */
const WAITING_MS = 1_500;

/** Options of {@linkcode SourceMonitor}. */
export interface SourceMonitorOptions {
  /** Returns the size and title of a standby card; called for each card. */
  readonly card: () => CardDesign;
  /** Receives a line about each change. */
  readonly log: Logger;
  /** Measures how long frames are missing. */
  readonly clock: Pick<Clock, "monotonic">;
}

/** Events of {@linkcode SourceMonitor}. */
export interface SourceMonitorEvents extends SourceStatusEvents {
  /** The source was opened again after an interruption too short to change the state. */
  readonly resume: null;
}

/** The part of a producer that {@linkcode SourceMonitor} reads. */
export interface WatchedProducer {
  /** The source, as the producer last found it. */
  readonly source: Source;
  /** Frames so far. */
  readonly frames: number;
}

/** Derives the status of the source from the frames and failures of the current producer. */
export class SourceMonitor {
  /** Emits changes of the state, cards and the ends of short interruptions. */
  readonly events: Emitter<SourceMonitorEvents> = new Emitter();
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #status: SourceStatus;
  readonly #interruptions: Interruptions;
  #producer: WatchedProducer | null = null;
  #waiting: Promise<unknown> = Promise.resolve();
  #failures = 0;

  /**
   * Creates a monitor without a producer.
   *
   * @param source What the status names until {@linkcode watch}.
   */
  constructor(source: Source, { card, log, clock }: SourceMonitorOptions) {
    this.#log = log;
    this.#status = new SourceStatus(source, { card, log, events: this.events });
    this.#interruptions = new Interruptions({
      log,
      onOutage: (failure) => this.#takeOutage(failure),
      clock,
    });
  }

  /** The state that everyone may see. */
  get state(): SourceState {
    return this.#status.state;
  }

  /** The details that only the streamer may see. */
  get details(): SourceDetails {
    return this.#status.details;
  }

  /** How often frames stopped or failed to start. */
  get failures(): number {
    return this.#failures;
  }

  /** Watches this producer from now on, in place of the one before. */
  watch(producer: WatchedProducer): void {
    this.#producer = producer;
    this.#interruptions.reset();
    this.#status.setSource(producer.source);
    this.#waiting = this.#waitFor(producer);
  }

  /** Records that the producer found its source under another device. */
  rename(source: Source): void {
    this.#status.setSource(source);
  }

  /** Records a frame of the producer. */
  takeFrame(): void {
    if (this.#interruptions.recovered()) this.events.emit("resume", null);
    if (this.#producer?.frames === 1 || !this.#status.isLive) this.#status.setLive();
  }

  /** Records a failure of the producer; settles once the card for it, if any, is drawn. */
  async takeFailure(failure: SourceFailure): Promise<void> {
    this.#failures++;
    await this.#interruptions.failed(failure);
  }

  /** Draws a card that says that the source has no frames yet. */
  async waitFor(source: Source): Promise<void> {
    await this.#status.waitFor(source);
  }

  /** Draws the current card again, if there is one, because frames have another size now. */
  async redrawCard(): Promise<void> {
    await this.#status.redrawCard();
  }

  /** Stops watching. No card follows. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#interruptions.reset();
    this.#status.close();
    await this.#waiting;
  }

  async #takeOutage({ reason, lastLine }: SourceFailure): Promise<void> {
    const detail = { ffmpeg: lastLine };
    if (this.#status.isReason(reason)) this.#log.debug(reason.forStreamer, detail);
    else this.#log.warn(reason.forStreamer, detail);
    await this.#status.standBy(reason);
  }

  async #waitFor(producer: WatchedProducer): Promise<void> {
    const { reason } = this.details;
    const { signal } = this.#stopping;
    await delay(WAITING_MS, undefined, { signal }).catch(() => {});
    const isWaiting = producer === this.#producer && producer.frames === 0 &&
      this.details.reason === reason;
    if (isWaiting && !signal.aborted) await this.#status.waitFor(producer.source);
  }
}
