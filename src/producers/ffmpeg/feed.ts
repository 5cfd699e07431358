import { UserError } from "../../errors.ts";
import type { Logger } from "../../log/log.ts";
import { BackOff } from "./back_off.ts";
import { type Camera, listCameras } from "./devices.ts";
import { diagnose, type Diagnosis, type FailureKind } from "./diagnosis.ts";
import { FailedWays } from "./failed_ways.ts";
import { Pause } from "./pause.ts";
import { Playback, type PlaybackEnd, type PlaybackOptions } from "./playback.ts";
import { pollRate } from "./poll_rate.ts";
import { Polling } from "./polling.ts";
import { ffmpegPhrase } from "./ffmpeg_phrases.ts";
import { Redirects } from "./redirects.ts";
import { noSuchCamera } from "./resolve.ts";
import { nearestMode, type PictureSettings, type Source, type System } from "./source.ts";
import { isDevice, nameSource } from "./source_name.ts";
import { FrameSplitter } from "./splitter.ts";
import type { Way } from "./way.ts";
import { WayPicker } from "./way_picker.ts";
import { waysFor } from "./ways.ts";
import type { Wording } from "./wording.ts";

/** How long the first frame may take. */
const FIRST_FRAME_MS = 10_000;
/** The same for a device or file that was open in another way already. */
const NEXT_FIRST_FRAME_MS = 5_000;

export interface FeedOptions extends PictureSettings {
  readonly source: Source;
  /** Whether the streamer gave `fps`, rather than that it is the default. */
  readonly isFpsGiven: boolean;
  /** The ffmpeg program's path or name. */
  readonly ffmpeg: string;
  readonly system: System;
  readonly log: Logger;
  readonly onFrame: (jpeg: Uint8Array<ArrayBuffer>) => void;
  /** Takes why pictures ended or do not come, and ffmpeg's own last words; the feed waits for it. */
  readonly onFailure: (reason: Wording, lastLine: string) => Promise<void>;
  /** Looks for the source once more after it went missing: the source, or null while it is away. */
  readonly findAgain: (source: Source) => Promise<Source | null>;
}

/** What became of a feed at first: pictures, a failure that it will mend, neither so far. */
export type Beginning = "live" | "failed" | "waiting";

/** Keeps one source open: tries the ways to open it, says why it failed, opens it again. */
export class Feed {
  readonly #options: FeedOptions;
  readonly #splitter = new FrameSplitter();
  readonly #backOff = new BackOff();
  readonly #begun = Promise.withResolvers<Beginning>();
  #isBegun = false;
  #isStopped = false;
  #source: Source;
  #settings: PictureSettings;
  readonly #picker = new WayPicker((findings) =>
    waysFor(this.#redirects.target, this.#settings, this.#options.system, findings)
  );
  readonly #failed = new FailedWays();
  #playback: Playback | Polling | null = null;
  readonly #redirects: Redirects;
  #running: Promise<void> = Promise.resolve();
  readonly #pause = new Pause();
  #frames = 0;
  #restarts = 0;
  #startFailure: string | null = null;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#source = options.source;
    const { ffmpeg: program, system, log } = options;
    this.#redirects = new Redirects({ source: options.source, program, system, log });
    this.#settings = { width: options.width, height: options.height, fps: options.fps };
  }

  get source(): Source {
    return this.#source;
  }

  /** Pictures so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Frames dropped as damaged. */
  get damaged(): number {
    return this.#splitter.damaged;
  }

  /** Frames dropped because they have too many pixels, or too many bytes for them. */
  get oversized(): number {
    return this.#splitter.oversized;
  }

  /** Whether the source's own JPEGs are passed on; else ffmpeg encodes them. */
  get copies(): boolean {
    return this.#playback?.copies ?? false;
  }

  /** How often ffmpeg was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Why ffmpeg could not be started when it was last tried; `null` when it could. */
  get startFailure(): string | null {
    return this.#startFailure;
  }

  /**
   * Opens the source; to be called once.
   *
   * @param withinMs After that long it settles with `waiting`.
   * @throws {UserError} Within that time it turned out that there is no such source, or no ffmpeg.
   * The feed has ended then. Later than that, it tries again.
   */
  async begin(withinMs: number): Promise<Beginning> {
    const timer = setTimeout(() => this.#settle("waiting"), withinMs);
    this.#running = this.#run();
    try {
      return await this.#begun.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Opens the source at once, if it is to be opened again later. */
  retryNow(): void {
    this.#pause.end();
  }

  /** Ends ffmpeg and waits until it is gone. No picture comes afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#settle("waiting");
    this.#pause.end();
    this.#playback?.kill();
    this.#redirects.stop();
    await this.#running;
  }

  #settle(beginning: Beginning): void {
    this.#isBegun = true;
    this.#begun.resolve(beginning);
  }

  async #run(): Promise<void> {
    for (;;) {
      const way = this.#picker.way!;
      const played = await this.#play(way);
      if (this.#isStopped) return;
      const end = await this.#redirects.follow(played);
      if (this.#isStopped) return;
      if (end === null) continue;
      this.#startFailure = end.startFailure?.message ?? null;
      const { kind } = this.#failed.add(end, (failure) => this.#diagnose(failure));
      if (!this.#hasOtherWay(way, end, kind)) {
        const diagnosis = this.#failed.mostTelling;
        const fatal = await this.#fatalError(end, diagnosis);
        if (fatal !== null) return this.#begun.reject(fatal);
        const lastLine = end.lines.findLast((line) => this.#quote(line) !== null) ?? "";
        await this.#options.onFailure(diagnosis.reason, this.#quote(lastLine) ?? "");
        this.#settle("failed");
        await this.#waitToRetry(diagnosis, end);
        this.#startOver(way, diagnosis, end);
      }
      if (this.#isStopped) return;
      this.#restarts++;
    }
  }

  #play(way: Way): Promise<PlaybackEnd> {
    const { log } = this.#options;
    const { forStreamer } = nameSource(this.#source);
    const input = way.args.indexOf("-i") + 1;
    const args = way.args.with(input, forStreamer).join(" ");
    log.debug("Starting ffmpeg", { way: way.name, args });
    this.#splitter.reset();
    this.#playback = this.#playerFor(way);
    return this.#playback.ended;
  }

  #playerFor(way: Way): Playback | Polling {
    const { ffmpeg, system, log, fps, isFpsGiven } = this.#options;
    const isRemote = this.#source.kind === "url";
    const options: PlaybackOptions = {
      program: ffmpeg,
      way,
      firstFrameMs: this.#failed.wasOpen && !isRemote ? NEXT_FIRST_FRAME_MS : FIRST_FRAME_MS,
      learn: (findings) => {
        this.#picker.learn(findings);
        return this.#picker.way?.name === way.name;
      },
      isRemote,
      system,
      log,
      splitter: this.#splitter,
      onFrame: (jpeg) => this.#takeFrame(jpeg),
      onLine: (line) => {
        const quoted = this.#quote(line);
        if (quoted !== null) log.debug(`ffmpeg: ${quoted}`);
      },
    };
    return way.polls
      ? new Polling({ ...options, rate: pollRate(this.#source, fps, isFpsGiven) })
      : new Playback(options);
  }

  /** What the log may quote of a line of ffmpeg's; null for nothing. */
  #quote(line: string): string | null {
    return isDevice(this.#source) ? line : ffmpegPhrase(line);
  }

  #takeFrame(jpeg: Uint8Array<ArrayBuffer>): void {
    if (this.#isStopped) return;
    this.#frames++;
    this.#options.onFrame(jpeg);
    this.#settle("live");
  }

  #diagnose(end: PlaybackEnd): Diagnosis {
    if (end.startFailure === null) return diagnose(this.#source, end, this.#options.system);
    const forStreamer = end.startFailure.message;
    const reason = { forAnyone: "ffmpeg cannot be started", forStreamer };
    return { kind: "refused", isKnown: true, reason };
  }

  /** Whether the source may be opened otherwise, at once; readies that way. */
  #hasOtherWay(way: Way, end: PlaybackEnd, kind: FailureKind): boolean {
    if (end.wrongWay) return this.#picker.way !== null;
    if (end.hadFrames) this.#picker.noteSuccess(way);
    if (end.hadFrames || kind !== "other") return false;
    const mode = nearestMode(end.lines, this.#settings);
    const { width, height, fps } = this.#settings;
    if (mode && (mode.width !== width || mode.height !== height || mode.fps !== fps)) {
      this.#options.log.warn("The camera does not do what is asked for: taking the nearest", {
        ...mode,
      });
      this.#settings = mode;
      this.#picker.retry();
      return true;
    }
    this.#picker.noteFailure(way);
    return this.#picker.way !== null;
  }

  /** Readies the search for a way again, after it had ended or the source had been live. */
  #startOver({ polls }: Way, { kind }: Diagnosis, { hadFrames }: PlaybackEnd): void {
    this.#failed.clear();
    // What does not answer for a while is still the same source. But a picture may be a video now.
    if (!polls && (hadFrames || kind !== "other")) this.#picker.retry();
    else this.#picker.forget();
    this.#redirects.reset(this.#source);
  }

  /** What ends the feed instead of waiting for better times, as long as it begins. */
  async #fatalError(end: PlaybackEnd, diagnosis: Diagnosis): Promise<UserError | null> {
    if (this.#isBegun) return null;
    if (end.startFailure !== null) return end.startFailure;
    if (diagnosis.kind !== "missing") return null;
    const { ffmpeg, system } = this.#options;
    if (this.#source.kind !== "camera") return new UserError(diagnosis.reason.forStreamer);
    const cameras: readonly Camera[] = await listCameras(ffmpeg, system).catch(() => []);
    return this.#isBegun ? null : noSuchCamera(this.#source, cameras);
  }

  async #waitToRetry({ kind }: Diagnosis, end: PlaybackEnd): Promise<void> {
    let source: Source | null = this.#source;
    do {
      await this.#pause.wait(this.#backOff.next(kind, end));
      if (this.#isStopped) return;
      if (kind === "missing") source = await this.#options.findAgain(this.#source);
    } while (source === null);
    if (source === this.#source) return;
    this.#source = source;
    this.#picker.forget();
  }
}
