import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { UserError } from "../errors.ts";
import type { Emitter } from "../events.ts";
import { Newest } from "../media/newest.ts";
import type { Frame, Track } from "../media/packet.ts";
import { type SourceFrame, sourceFrameOf } from "../media/source_frame.ts";
import { FfmpegProducer, type Opening } from "./ffmpeg/producer.ts";
import type { Ffmpeg, WantedMode } from "./ffmpeg/setup.ts";
import { parseSource, type Source } from "./ffmpeg/source.ts";
import type { SourceFailure } from "./interruptions.ts";
import { Lookout } from "./lookout.ts";
import { PictureSource } from "./picture_source.ts";
import type { Producer } from "./producer.ts";
import type { Lineage } from "../streams/lineage.ts";
import { addStats, NO_STATS, type ProducerStats } from "./producer_stats.ts";
import { type SourceChoice, SourceChoices } from "./source_choices.ts";
import { SourceFinder } from "./source_finder.ts";
import { SourceMonitor, type SourceMonitorEvents } from "./source_monitor.ts";
import type { CardDesign, SourceDetails, SourceState } from "./source_status.ts";

/** Options of {@linkcode Switcher}. */
export interface SwitcherOptions {
  /** `auto`, `test`, a camera, a file or a URL, as the streamer wrote it. */
  readonly source: string;
  /** Asked of each source. */
  readonly wanted: WantedMode;
  /** Runs the sources. */
  readonly ffmpeg: Ffmpeg;
  /** Returns the size and title of a standby card; called for each card. */
  readonly card: () => CardDesign;
  /** Learns which programs are relayed, and knows this one, whose own stream is refused. */
  readonly lineage?: Lineage;
  /** Default: the system's clock. */
  readonly clock?: Clock;
}

/** Counts of all sources since the start. */
export interface SwitcherStats extends ProducerStats {
  /** Frames of the sources that the reader has taken. */
  readonly frames: number;
  /** How often frames stopped or failed to start. */
  readonly failures: number;
}

/** How long `start` waits to see whether the source exists. */
const START_MS = 2_000;
/** The old source continues for at most this long while the new one opens; some cameras take 2 s. */
const SWITCH_MS = 3_000;

/** Yields the frames of one source at a time, and a card while there are none. */
export class Switcher implements Producer<SourceFrame> {
  /** Frames only. */
  readonly tracks: readonly Track[] = ["pictures"];
  /** What viewers see, for the part that plays its sound. */
  readonly picture: PictureSource = new PictureSource();
  readonly #options: SwitcherOptions;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  readonly #output = new Newest<SourceFrame>();
  /** Its frames and failures are shown. */
  #producer: FfmpegProducer | null = null;
  /** Takes over with its first frame. */
  #candidate: FfmpegProducer | null = null;
  readonly #lookout: Lookout;
  readonly #finder: SourceFinder;
  /** The source of the start, which the streamer can come back to. */
  #first: Source | null = null;
  #switching: Promise<unknown> = Promise.resolve();
  readonly #monitor: SourceMonitor;
  readonly #choices = new SourceChoices();
  /** Numbers frames and cards. */
  #sequence = 0;
  #frames = 0;
  /** Counts of the producers before the current one. */
  #former: ProducerStats = NO_STATS;

  /** Creates a switcher that opens nothing before {@linkcode start}. */
  constructor(options: SwitcherOptions) {
    const { ffmpeg, card, clock = SYSTEM_CLOCK } = options;
    this.#options = options;
    this.#clock = clock;
    this.#finder = new SourceFinder(ffmpeg);
    this.#lookout = new Lookout({
      find: () => this.#finder.cameras().catch(() => []),
      open: (camera, signal) => this.#tryCamera(camera, signal),
    });
    const source = parseSource(options.source, ffmpeg.system);
    const named = source === "auto" ? ANY_CAMERA : source;
    this.#monitor = new SourceMonitor(named, { card, log: ffmpeg.log, clock });
    this.events.on("card", (jpeg) => this.#put(jpeg, clock.wall(), true));
  }

  /** Emits changes of the state and the ends of short interruptions. */
  get events(): Emitter<SourceMonitorEvents> {
    return this.#monitor.events;
  }

  /** The state that everyone may see. */
  get state(): SourceState {
    return this.#monitor.state;
  }

  /** The details that only the streamer may see. */
  get details(): SourceDetails {
    return this.#monitor.details;
  }

  /** What the streamer should know although frames come; `null` for nothing. */
  get notice(): string | null {
    return this.#producer?.notice ?? null;
  }

  /**
   * Identifies the current source, as {@linkcode switchTo} takes it, without revealing an address.
   * Empty before there is a source.
   */
  get source(): string {
    return this.#producer === null ? "" : this.#choices.idOf(this.#producer.source);
  }

  /** The current camera's device, such as `/dev/video0`; null for any other source. */
  get device(): string | null {
    const source = this.#producer?.source;
    return source?.kind === "camera" ? source.device : null;
  }

  /** Counts since the start. */
  get stats(): SwitcherStats {
    const all = addStats(this.#former, this.#producer?.stats);
    const superseded = all.superseded + this.#output.dropped;
    const { failures } = this.#monitor;
    return { frames: this.#frames, ...all, superseded, failures };
  }

  /** Whether the source's own JPEGs are passed on; else ffmpeg encodes them. */
  get copies(): boolean {
    return this.#producer?.copies ?? false;
  }

  /** Why the last attempt to start ffmpeg failed; `null` if it succeeded. */
  get startFailure(): string | null {
    return this.#producer?.startFailure ?? null;
  }

  /** Yields the frames of the source, and a card for each new reason why there are none. */
  async *packets(): AsyncGenerator<SourceFrame, void, void> {
    for await (const frame of this.#output) {
      if (!frame.isCard) this.#frames++;
      yield frame;
    }
  }

  /**
   * Opens the source. Frames follow as soon as there are any. Settles with the first of them, with
   * the first failure, or after 2 s.
   *
   * @throws {UserError} The file or camera does not exist, or ffmpeg is not installed. The state and
   * a card report whatever else is wrong, and the source is tried again.
   */
  async start(): Promise<void> {
    const { source } = this.#options;
    this.#first = await this.#finder.resolve(source);
    if (this.#isStopped) return;
    const producer = this.#newProducer(this.#first, source);
    this.#show(producer);
    this.#lookOut();
    try {
      await this.#open(producer, START_MS);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Changes the source. Viewers see the old one until the new one gives its first frame, for 3 s at
   * most; then a card says what they wait for. If the new source exists but fails, the state and a
   * card say so and it is tried again, as at the start.
   *
   * @param choice As {@linkcode sources} lists it, or as for `--source`.
   * @throws {UserError} There is no such source, and the old one continues; or the program is ending.
   */
  switchTo(choice: string): Promise<void> {
    const text = this.#choices.textOf(choice);
    const switched = this.#switching.then(() => this.#switchNow(text));
    this.#switching = switched.catch(() => {});
    return switched;
  }

  /**
   * Lists what {@linkcode switchTo} accepts: the test picture, the connected cameras, and the sources
   * of the start and of now, unless they are among these.
   *
   * @throws {UserError} ffmpeg cannot be started.
   */
  async sources(): Promise<SourceChoice[]> {
    const cameras = await this.#finder.cameras();
    const used = [this.#first, this.#producer?.source].filter((source) => !!source);
    return this.#choices.list([{ kind: "test" }, ...cameras, ...used]);
  }

  /** Draws the current card again, if there is one, because frames have another size now. */
  async redrawCard(): Promise<void> {
    await this.#monitor.redrawCard();
  }

  /** Ends ffmpeg and waits until it is gone. No frame follows. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#output.end();
    const monitored = this.#monitor.stop();
    await this.#lookout.stop();
    await Promise.all([this.#candidate?.stop(), this.#producer?.stop()]);
    await Promise.all([this.#switching, monitored]);
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #newProducer(source: Source, text: string): FfmpegProducer {
    const { wanted, ffmpeg, lineage } = this.#options;
    const producer: FfmpegProducer = new FfmpegProducer({
      ...{ source, wanted, ffmpeg, clock: this.#clock, ownId: lineage?.id },
      onFailure: (failure) => this.#takeFailure(producer, failure),
      findAgain: async (missing) => {
        const found = await this.#finder.findAgain(text, missing);
        if (found !== null && producer === this.#producer) this.#monitor.rename(found);
        return found;
      },
      onPlayback: () => {
        if (producer === this.#producer) this.picture.play(producer.playback);
      },
    });
    return producer;
  }

  /** Starts a producer and follows it; settles as {@linkcode FfmpegProducer.opened} does. */
  #open(producer: FfmpegProducer, withinMs: number): Promise<Opening> {
    this.#follow(producer);
    return producer.opened(withinMs);
  }

  async #follow(producer: FfmpegProducer): Promise<void> {
    for await (const frame of producer.packets()) this.#takeFrame(producer, frame);
  }

  async #switchNow(text: string): Promise<void> {
    await this.#lookout.stop();
    try {
      await this.#change(text);
    } finally {
      this.#lookOut();
    }
  }

  /** Searches for a camera while the test picture stands in for one. */
  #lookOut(): void {
    const source = this.#producer?.source;
    if (!this.#isStopped && source?.kind === "test" && source.isStandIn) this.#lookout.start();
  }

  /** Shows a camera if it gives frames; returns whether it does. */
  async #tryCamera(camera: Source, signal: AbortSignal): Promise<boolean> {
    const old = this.#producer;
    const producer = this.#newProducer(camera, "auto");
    const stop = () => producer.stop();
    signal.addEventListener("abort", stop);
    this.#candidate = producer;
    await this.#open(producer, SWITCH_MS).catch(() => {});
    signal.removeEventListener("abort", stop);
    if (this.#candidate === producer) this.#candidate = null;
    const isShown = this.#producer === producer;
    await (isShown ? old : producer)?.stop();
    return isShown;
  }

  async #change(text: string): Promise<void> {
    const source = await this.#finder.resolve(text);
    if (this.#isStopped) throw ending();
    if (this.#producer !== null && this.#choices.idOf(source) === this.source) {
      return this.#producer.retryNow();
    }
    const producer = this.#newProducer(source, text);
    const old = this.#producer;
    this.#candidate = producer;
    const opening = await this.#open(producer, SWITCH_MS).finally(() => this.#candidate = null);
    if (this.#isStopped) await producer.stop();
    else if (this.#producer !== producer) this.#show(producer);
    if (producer.frames === 0 && opening === "waiting") await this.#monitor.waitFor(source);
    await old?.stop();
    if (this.#isStopped) throw ending();
    // The old source may be why it failed: two cameras can be too much for one USB hub.
    if (opening === "failed") producer.retryNow();
  }

  /** Shows this producer's frames from now on, and no other's. */
  #show(producer: FfmpegProducer): void {
    this.#former = addStats(this.#former, this.#producer?.stats);
    this.#producer = producer;
    this.#options.lineage?.reset();
    this.picture.show(producer.source, producer.playback);
    this.#monitor.watch(producer);
  }

  #takeFrame(producer: FfmpegProducer, { data, at, due }: Frame): void {
    if (this.#isStopped) return;
    if (producer === this.#candidate) {
      this.#candidate = null;
      this.#show(producer);
    }
    if (producer !== this.#producer) return;
    this.#monitor.takeFrame();
    this.#options.lineage?.follow(producer.upstream);
    this.picture.relayed = producer.relayed;
    this.picture.isLoop = false;
    this.#put(data, at, false, due);
  }

  #put(jpeg: Uint8Array<ArrayBuffer>, at: number, isCard: boolean, due?: number): void {
    this.#output.put(sourceFrameOf(jpeg, ++this.#sequence, at, isCard, due));
  }

  async #takeFailure(producer: FfmpegProducer, failure: SourceFailure): Promise<void> {
    // A candidate is tried once more, alone, before its failure is shown.
    if (producer !== this.#producer || this.#isStopped) return;
    this.#options.lineage?.follow(null);
    this.picture.isLoop = failure.isLoop ?? false;
    await this.#monitor.takeFailure(failure);
  }
}

/** What `auto` stands for before cameras are listed. */
const ANY_CAMERA: Source = { kind: "camera", device: "" };

function ending(): UserError {
  return new UserError("Cannot change the source: the program is shutting down");
}
