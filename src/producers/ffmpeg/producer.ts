import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { UserError } from "../../errors.ts";
import { insertHuffmanTables } from "../../media/jpeg/dht.ts";
import { Newest } from "../../media/newest.ts";
import { type Frame, frameOf, type Track } from "../../media/packet.ts";
import type { SourceFailure } from "../interruptions.ts";
import type { Playback } from "../playback.ts";
import type { Producer } from "../producer.ts";
import type { ProducerStats } from "../producer_stats.ts";
import type { Upstream } from "../../media/provenance.ts";
import type { PartHead } from "../relay/part_head.ts";
import { RelayedStream } from "../relay/relayed_stream.ts";
import { Attempt, type AttemptEnd, type AttemptOptions } from "./attempt.ts";
import { BackOff } from "./back_off.ts";
import { listCameras } from "./devices.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { ffmpegPhrase } from "./ffmpeg_phrases.ts";
import { Pause } from "./pause.ts";
import { PlaybackStart } from "./playback_start.ts";
import { pollRate } from "./poll_rate.ts";
import { Polling } from "./polling.ts";
import { noSuchCamera } from "./resolve.ts";
import type { Ffmpeg, WantedMode } from "./setup.ts";
import type { Source } from "./source.ts";
import { isDevice, nameSource } from "./source_name.ts";
import { FrameSplitter } from "./splitter.ts";
import type { Way } from "./way.ts";
import { WaySearch } from "./way_search.ts";

/** How long the first frame may take. Milliseconds. */
const FIRST_FRAME_MS = 10_000;
/** The same for a device or file that was open in another way already. Milliseconds. */
const NEXT_FIRST_FRAME_MS = 5_000;

/** Options of {@linkcode FfmpegProducer}. */
export interface FfmpegProducerOptions {
  /** The source to open. */
  readonly source: Source;
  /** Asked of the source. */
  readonly wanted: WantedMode;
  /** Runs the source. */
  readonly ffmpeg: Ffmpeg;
  /** This program's id, whose own stream is refused. Default: no stream is. */
  readonly ownId?: string;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Takes each failure; the producer waits for it before it tries again. */
  readonly onFailure: (failure: SourceFailure) => Promise<void>;
  /** Looks again for a source that went missing: returns it, or null while it is away. */
  readonly findAgain: (source: Source) => Promise<Source | null>;
  /** Called when {@linkcode FfmpegProducer.playback} has changed. */
  readonly onPlayback: () => void;
}

/** Result of opening a source: frames, a failure after which it is retried, or neither yet. */
export type Opening = "live" | "failed" | "waiting";

/**
 * Keeps one source open with ffmpeg: tries the ways to open it, reports failures and tries again.
 */
export class FfmpegProducer implements Producer<Frame> {
  /** Frames only. */
  readonly tracks: readonly Track[] = ["pictures"];
  readonly #options: FfmpegProducerOptions;
  readonly #clock: Clock;
  readonly #splitter: FrameSplitter;
  readonly #search: WaySearch;
  readonly #backOff = new BackOff();
  readonly #pause = new Pause();
  readonly #newest = new Newest<Frame>();
  readonly #opened = Promise.withResolvers<Opening>();
  #isOpened = false;
  #isStopped = false;
  #source: Source;
  #attempt: Attempt | Polling | null = null;
  #playbackStart: PlaybackStart | null = null;
  #playback: Playback | null = null;
  /** What the source says of its pictures, if it is another livestream; `null` for sources that are none. */
  #relayed: RelayedStream | null = null;
  #saidClocksDiffer = false;
  #running: Promise<void> = Promise.resolve();
  #sequence = 0;
  #frames = 0;
  #restarts = 0;
  #startFailure: string | null = null;

  /** Creates a producer that opens nothing before its packets are read. */
  constructor(options: FfmpegProducerOptions) {
    const { source, wanted, ffmpeg, clock = SYSTEM_CLOCK } = options;
    this.#options = options;
    this.#clock = clock;
    this.#source = source;
    this.#splitter = new FrameSplitter(clock);
    this.#search = new WaySearch(source, wanted, ffmpeg);
  }

  /** The source, as the producer last found it. */
  get source(): Source {
    return this.#source;
  }

  /** Number of frames that the reader has taken, including the one that it is taking. */
  get frames(): number {
    return this.#frames;
  }

  /** Counts since the start. */
  get stats(): ProducerStats {
    const { damaged, oversized } = this.#splitter;
    const superseded = this.#newest.dropped;
    return { damaged, oversized, superseded, restarts: this.#restarts };
  }

  /** Whether the source's own JPEGs are passed on; else ffmpeg encodes them. */
  get copies(): boolean {
    return this.#attempt?.copies ?? false;
  }

  /** How the file is played; null for any other source, and for the first 1.5 s. */
  get playback(): Playback | null {
    return this.#playback;
  }

  /** The livestream that is the source; `null` if it is none, or before its first picture. */
  get upstream(): Upstream | null {
    return this.#relayed?.upstream ?? null;
  }

  /** What the streamer should know although frames come; `null` for nothing. */
  get notice(): string | null {
    return this.#relayed?.clocksDiffer ? CLOCKS_DIFFER : null;
  }

  /** The connection to that livestream; `null` where there is none. */
  get relayed(): RelayedStream | null {
    return this.upstream && this.#relayed;
  }

  /** Why the last attempt to start ffmpeg failed; `null` if it succeeded. */
  get startFailure(): string | null {
    return this.#startFailure;
  }

  /** Opens the source and yields its frames until {@linkcode stop}. Can be read only once. */
  async *packets(): AsyncGenerator<Frame, void, void> {
    this.#running = this.#run();
    for await (const frame of this.#newest) {
      if (this.#isStopped) return;
      this.#frames++;
      yield frame;
      // Not earlier: code that waits for "live" relies on the reader having taken the frame.
      this.#settle("live");
    }
  }

  /**
   * Waits for the result of opening the source, whose packets must already be being read.
   *
   * @param withinMs Settles with `waiting` after this long.
   * @throws {UserError} There is no such source, or no ffmpeg, and this became clear within that time.
   * The producer has ended. If it becomes clear later, the producer keeps trying.
   */
  async opened(withinMs: number): Promise<Opening> {
    const timer = setTimeout(() => this.#settle("waiting"), withinMs);
    try {
      return await this.#opened.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Cuts the pause before the next attempt short, if there is one. */
  retryNow(): void {
    this.#pause.end();
  }

  /** Ends ffmpeg and waits until it is gone. No frame follows. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#settle("waiting");
    this.#newest.end();
    this.#pause.end();
    this.#attempt?.kill();
    this.#search.stop();
    await this.#running;
  }

  #settle(opening: Opening): void {
    this.#isOpened = true;
    this.#opened.resolve(opening);
  }

  async #run(): Promise<void> {
    for (;;) {
      const { way } = this.#search;
      const attempted = await this.#try(way);
      this.#setPlayback(null);
      if (this.#isStopped) return;
      const end = await this.#search.follow(attempted);
      if (this.#isStopped) return;
      if (end === null) continue;
      this.#startFailure = end.startFailure?.message ?? null;
      const diagnosis = this.#search.conclude(way, end);
      if (diagnosis !== null) {
        const fatal = await this.#fatalError(end, diagnosis);
        if (fatal !== null) return this.#giveUp(fatal);
        await this.#options.onFailure({
          reason: diagnosis.reason,
          isLoop: end.isLoop ?? false,
          lastLine: end.lines.map((line) => this.#quote(line)).findLast((line) => line !== null) ??
            "",
        });
        this.#settle("failed");
        await this.#waitToRetry(diagnosis, end);
        this.#search.startOver(way, diagnosis, end);
      }
      if (this.#isStopped) return;
      this.#restarts++;
    }
  }

  #giveUp(error: UserError): void {
    this.#newest.end();
    this.#opened.reject(error);
  }

  #try(way: Way): Promise<AttemptEnd> {
    const { log } = this.#options.ffmpeg;
    const { forStreamer } = nameSource(this.#source);
    const input = way.args.indexOf("-i") + 1;
    const args = way.args.with(input, forStreamer).join(" ");
    log.debug("Starting ffmpeg", { way: way.name, args });
    this.#splitter.reset();
    this.#playbackStart = this.#source.kind === "file" && !way.polls
      ? new PlaybackStart(this.#source.path)
      : null;
    this.#relayed = this.#source.kind === "url" ? this.#relay(this.#source.url) : null;
    this.#attempt = this.#attemptBy(way);
    return this.#attempt.ended;
  }

  #relay(url: string): RelayedStream {
    const onClocksDiffer = () => {
      if (!this.#saidClocksDiffer) this.#options.ffmpeg.log.warn(CLOCKS_DIFFER);
      this.#saidClocksDiffer = true;
    };
    return new RelayedStream({ url, onClocksDiffer });
  }

  #attemptBy(way: Way): Attempt | Polling {
    const { ffmpeg, wanted: { fps, isFpsGiven } } = this.#options;
    const isRemote = this.#source.kind === "url";
    const options: AttemptOptions = {
      ffmpeg,
      way,
      firstFrameMs: this.#search.wasOpen && !isRemote ? NEXT_FIRST_FRAME_MS : FIRST_FRAME_MS,
      learn: (findings) => this.#search.learn(way, findings),
      isRemote,
      splitter: this.#splitter,
      ownId: this.#options.ownId,
      onFrame: (jpeg, index, head) => this.#takeFrame(jpeg, index, head),
      onLine: (line) => {
        const quoted = this.#quote(line);
        if (quoted !== null) ffmpeg.log.debug(`ffmpeg: ${quoted}`);
      },
      clock: this.#clock,
    };
    return way.polls
      ? new Polling({ ...options, rate: pollRate(this.#source, fps, isFpsGiven) })
      : new Attempt(options);
  }

  /** Returns the part of a line of ffmpeg's that the log may quote; null if there is none. */
  #quote(line: string): string | null {
    return isDevice(this.#source) ? line : ffmpegPhrase(line);
  }

  #takeFrame(jpeg: Uint8Array<ArrayBuffer>, index: number, head: PartHead | null): void {
    const arrival = this.#clock.wall();
    const time = head && this.#relayed ? this.#relayed.take(head, arrival) : { at: arrival };
    if (time === null) return;
    const { at, due }: { at: number; due?: number } = time;
    this.#newest.put(frameOf(insertHuffmanTables(jpeg), ++this.#sequence, at, due));
    const playback = this.#playbackStart?.take({ index, at: this.#clock.monotonic() });
    if (playback) this.#setPlayback(playback);
  }

  #setPlayback(playback: Playback | null): void {
    if (playback === this.#playback) return;
    this.#playback = playback;
    this.#options.onPlayback();
  }

  /** Returns the error that ends the producer, if the source is still being opened; else null. */
  async #fatalError(end: AttemptEnd, diagnosis: Diagnosis): Promise<UserError | null> {
    if (this.#isOpened) return null;
    if (end.startFailure !== null) return end.startFailure;
    if (diagnosis.kind !== "missing") return null;
    if (this.#source.kind !== "camera") return new UserError(diagnosis.reason.forStreamer);
    const cameras = await listCameras(this.#options.ffmpeg).catch(() => []);
    return this.#isOpened ? null : noSuchCamera(this.#source, cameras);
  }

  async #waitToRetry({ kind }: Diagnosis, end: AttemptEnd): Promise<void> {
    let source: Source | null = this.#source;
    do {
      await this.#pause.wait(end.isLoop ? loopPause() : this.#backOff.next(kind, end));
      if (this.#isStopped) return;
      if (kind === "missing") source = await this.#options.findAgain(this.#source);
    } while (source === null);
    if (source === this.#source) return;
    this.#source = source;
    this.#search.setSource(source);
  }
}

const CLOCKS_DIFFER =
  "The clock of the livestream that is relayed differs from this machine's, so the " +
  "delay shown leaves out the way from there. Set both by NTP";

/** How long a source that showed this program's own stream is left alone, at least and at most. Milliseconds. */
const LOOP_PAUSE_MS = [5_000, 10_000] as const;

/** Returns a random pause: two programs that relay each other must not try again at the same moment. */
function loopPause(): number {
  const [least, most] = LOOP_PAUSE_MS;
  return least + Math.random() * (most - least);
}
