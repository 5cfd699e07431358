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

/** What a {@linkcode SourceMonitor} is given. */
export interface SourceMonitorOptions {
  /** Returns the size and title of a standby card; called for each card. */
  readonly card: () => CardDesign;
  readonly log: Logger;
  readonly clock: Pick<Clock, "monotonic">;
}

/** What a {@linkcode SourceMonitor} announces. */
export interface SourceMonitorEvents extends SourceStatusEvents {
  /** The source was opened again after an interruption too short to change the state. */
  readonly resume: null;
}

/** What the monitor reads of the producer that it watches. */
export interface WatchedProducer {
  readonly source: Source;
  /** Frames so far. */
  readonly frames: number;
}

/** Watches the frames and failures of the present producer, and keeps the status that follows. */
export class SourceMonitor {
  readonly events = new Emitter<SourceMonitorEvents>();
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #status: SourceStatus;
  readonly #interruptions: Interruptions;
  #producer: WatchedProducer | null = null;
  #waiting: Promise<unknown> = Promise.resolve();
  #failures = 0;

  /** @param source What the status names until a producer is watched. */
  constructor(source: Source, { card, log, clock }: SourceMonitorOptions) {
    this.#log = log;
    this.#status = new SourceStatus(source, { card, log, events: this.events });
    this.#interruptions = new Interruptions({
      log,
      onOutage: (failure) => this.#takeOutage(failure),
      clock,
    });
  }

  /** The state as anyone may know it. */
  get state(): SourceState {
    return this.#status.state;
  }

  /** The state as only the streamer may know it. */
  get details(): SourceDetails {
    return this.#status.details;
  }

  /** How often frames ended or did not come, for whatever reason. */
  get failures(): number {
    return this.#failures;
  }

  /** Watches this producer from now on. */
  watch(producer: WatchedProducer): void {
    this.#producer = producer;
    this.#interruptions.reset();
    this.#status.setSource(producer.source);
    this.#waiting = this.#waitFor(producer);
  }

  /** Notes that the producer found its source under another device. */
  rename(source: Source): void {
    this.#status.setSource(source);
  }

  /** Notes that the producer gave a frame. */
  takeFrame(): void {
    if (this.#interruptions.recovered()) this.events.emit("resume", null);
    if (this.#producer?.frames === 1 || !this.#status.isLive) this.#status.setLive();
  }

  /** Notes that the producer failed; settles when a card says so, if there is one. */
  async takeFailure(failure: SourceFailure): Promise<void> {
    this.#failures++;
    await this.#interruptions.failed(failure);
  }

  /** Shows a card that says that the source gives no frames yet. */
  async waitFor(source: Source): Promise<void> {
    await this.#status.waitFor(source);
  }

  /** Draws the card again, if one is shown, because frames have another size now. */
  async redrawCard(): Promise<void> {
    await this.#status.redrawCard();
  }

  /** Ends the watch. No card follows. */
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
