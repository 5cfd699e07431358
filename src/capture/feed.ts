import { UserError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { BackOff } from "./back_off.ts";
import { type Camera, listCameras } from "./devices.ts";
import { diagnose, type Diagnosis } from "./diagnosis.ts";
import { Playback, type PlaybackEnd } from "./playback.ts";
import { ffmpegPhrase } from "./ffmpeg_phrases.ts";
import { Redirects } from "./redirects.ts";
import { noSuchCamera } from "./resolve.ts";
import {
  attemptsFor,
  nearestMode,
  type PictureSettings,
  type Source,
  type System,
} from "./source.ts";
import { isDevice, nameSource } from "./source_name.ts";
import { FrameSplitter } from "./splitter.ts";
import type { Wording } from "./wording.ts";

export interface FeedOptions extends PictureSettings {
  readonly source: Source;
  /** The ffmpeg program's path or name. */
  readonly ffmpeg: string;
  readonly system: System;
  readonly log: Logger;
  readonly onFrame: (jpeg: Uint8Array<ArrayBuffer>) => void;
  /** Is told why there are no pictures, and ffmpeg's own last words; the feed waits for it. */
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
  /** Which way to open the source is tried, or was the last that worked. */
  #attempt = 0;
  #playback: Playback | null = null;
  readonly #redirects: Redirects;
  #running: Promise<void> = Promise.resolve();
  #endPause = () => {};
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
    this.#endPause();
  }

  /** Ends ffmpeg and waits until it is gone. No picture comes afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#settle("waiting");
    this.#endPause();
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
      const played = await this.#play();
      if (this.#isStopped) return;
      const end = await this.#redirects.follow(played);
      if (this.#isStopped) return;
      if (end === null) continue;
      this.#startFailure = end.startFailure?.message ?? null;
      const diagnosis = this.#diagnose(end);
      if (!this.#hasOtherWay(end, diagnosis)) {
        const fatal = await this.#fatalError(end, diagnosis);
        if (fatal !== null) return this.#begun.reject(fatal);
        const lastLine = end.lines.findLast((line) => this.#quote(line) !== null) ?? "";
        await this.#options.onFailure(diagnosis.reason, this.#quote(lastLine) ?? "");
        this.#settle("failed");
        await this.#waitToRetry(diagnosis, end);
        this.#redirects.reset(this.#source);
      }
      if (this.#isStopped) return;
      this.#restarts++;
    }
  }

  async #play(): Promise<PlaybackEnd> {
    const { ffmpeg, system, log } = this.#options;
    const attempts = attemptsFor(this.#redirects.target, this.#settings, system);
    const attempt = attempts[this.#attempt % attempts.length];
    const { forStreamer } = nameSource(this.#source);
    const input = attempt.args.indexOf("-i") + 1;
    log.debug("Starting ffmpeg", { args: attempt.args.with(input, forStreamer).join(" ") });
    this.#splitter.reset();
    this.#playback = new Playback({
      program: ffmpeg,
      attempt,
      checksCodec: this.#source.kind === "file" || this.#source.kind === "url",
      isRemote: this.#source.kind === "url",
      system,
      log,
      splitter: this.#splitter,
      onFrame: (jpeg) => this.#takeFrame(jpeg),
      onLine: (line) => {
        const quoted = this.#quote(line);
        if (quoted !== null) log.debug(`ffmpeg: ${quoted}`);
      },
    });
    return await this.#playback.ended;
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
    return { kind: "other", reason: { forAnyone: "ffmpeg cannot be started", forStreamer } };
  }

  /** Whether the source may be opened otherwise, at once; readies that way. */
  #hasOtherWay(end: PlaybackEnd, { kind }: Diagnosis): boolean {
    if (!end.wrongWay && (kind !== "format" || end.hadFrames)) return false;
    const mode = nearestMode(end.lines, this.#settings);
    const { width, height, fps } = this.#settings;
    if (mode && (mode.width !== width || mode.height !== height || mode.fps !== fps)) {
      this.#options.log.warn("The camera does not do what is asked for: taking the nearest", {
        ...mode,
      });
      this.#settings = mode;
      this.#attempt = 0;
      return true;
    }
    this.#attempt++;
    const { length } = attemptsFor(this.#source, this.#settings, this.#options.system);
    return end.wrongWay || this.#attempt % length !== 0;
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

  async #waitToRetry({ kind }: Diagnosis, { liveFor }: PlaybackEnd): Promise<void> {
    let source: Source | null = this.#source;
    do {
      await this.#pause(this.#backOff.next(kind, liveFor));
      if (this.#isStopped) return;
      if (kind === "missing") source = await this.#options.findAgain(this.#source);
    } while (source === null);
    if (source === this.#source) return;
    this.#source = source;
    this.#attempt = 0;
  }

  /** Ends early when the feed is stopped, or is to go on at once. */
  async #pause(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#endPause = resolve;
    await promise;
    clearTimeout(timer);
  }
}
