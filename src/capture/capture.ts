import { setTimeout as delay } from "node:timers/promises";
import { messageOf, UserError } from "../errors.ts";
import { insertHuffmanTables } from "../jpeg/dht.ts";
import type { Logger } from "../log.ts";
import { BackOff } from "./back_off.ts";
import { type Camera, listCameras } from "./devices.ts";
import { diagnose, type Diagnosis, ffmpegNotFound } from "./diagnosis.ts";
import { Playback, type PlaybackEnd } from "./playback.ts";
import { cameraSource, noSuchCamera, resolveSource } from "./resolve.ts";
import {
  attemptsFor,
  currentSystem,
  describeSource,
  nearestMode,
  type PictureSettings,
  redact,
  type Source,
} from "./source.ts";
import { FrameSplitter } from "./splitter.ts";
import { standbyPicture } from "./standby.ts";

/** Whether there are pictures, for the page, `/state` and `/healthz`. */
export interface CaptureState {
  /** Whether the source's own pictures flow. */
  readonly live: boolean;
  /** For people: `Fake Webcam (/dev/video0)`, `test picture`. */
  readonly source: string;
  /** Why it is not live, and what to do; null while it is. */
  readonly reason: string | null;
}

export interface CaptureOptions extends PictureSettings {
  /** `auto`, `test`, a camera, a file or a URL, as the streamer wrote it. */
  readonly source: string;
  /** The ffmpeg program's path or name. */
  readonly ffmpeg: string;
  /** The stream's title, shown on standby pictures. */
  readonly title: string;
  readonly log: Logger;
  /** Takes each picture: the source's own, and one standby picture for each new reason. */
  readonly onFrame: (jpeg: Uint8Array<ArrayBuffer>) => void;
  readonly onState: (state: CaptureState) => void;
}

export interface CaptureStats {
  /** The source's own pictures so far. */
  readonly frames: number;
  /** Pictures dropped as damaged or too large. */
  readonly damaged: number;
  /** How often ffmpeg was started again. */
  readonly restarts: number;
}

/** How long `start` waits to see whether the source exists. */
const START_MS = 2_000;
/** After that long without a first picture, viewers are told what is waited for. */
const WAITING_MS = 1_500;

/** Keeps pictures coming from one source: opens it, says why it is away, opens it again. */
export class Capture {
  readonly #options: CaptureOptions;
  readonly #system = currentSystem();
  readonly #splitter = new FrameSplitter();
  readonly #backOff = new BackOff();
  readonly #stopping = new AbortController();
  /** Settles `start`. */
  readonly #begun = Promise.withResolvers<void>();
  #source: Source = { kind: "test" };
  #settings: PictureSettings;
  /** Which way to open the source is tried, or was the last that worked. */
  #attempt = 0;
  #playback: Playback | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #state: CaptureState;
  #frames = 0;
  #restarts = 0;

  constructor(options: CaptureOptions) {
    this.#options = options;
    this.#settings = { width: options.width, height: options.height, fps: options.fps };
    this.#state = { live: false, source: options.source, reason: "The source is being opened" };
  }

  get state(): CaptureState {
    return this.#state;
  }

  get stats(): CaptureStats {
    return { frames: this.#frames, damaged: this.#splitter.damaged, restarts: this.#restarts };
  }

  /**
   * Opens the source. Pictures come as soon as there are any; it settles with the first of them,
   * with the first failure, or after 2 s.
   *
   * @throws {UserError} The file or camera does not exist, or ffmpeg is not installed. Whatever
   * else is wrong is told by state and standby picture, and tried again.
   */
  async start(): Promise<void> {
    const { source, log } = this.#options;
    const listCameras = () => this.#listCameras();
    this.#useSource(await resolveSource(source, { system: this.#system, listCameras, log }));
    const timer = setTimeout(() => this.#begun.resolve(), START_MS);
    this.#running = Promise.all([this.#run(), this.#tellWaiting()]);
    try {
      await this.#begun.promise;
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends ffmpeg and waits until it is gone. No picture comes afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#begun.resolve();
    this.#playback?.kill();
    await this.#running;
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #listCameras(): Promise<Camera[]> {
    return listCameras(this.#options.ffmpeg, this.#system);
  }

  #useSource(source: Source): void {
    this.#source = source;
    this.#attempt = 0;
    this.#setState({ source: describeSource(source) });
  }

  #setState(change: Partial<CaptureState>): void {
    const next = { ...this.#state, ...change };
    const { live, source, reason } = this.#state;
    if (next.live === live && next.source === source && next.reason === reason) return;
    this.#state = next;
    this.#options.onState(next);
  }

  async #run(): Promise<void> {
    for (;;) {
      const end = await this.#play();
      if (this.#isStopped) return;
      const diagnosis = this.#diagnose(end);
      if (!this.#hasOtherWay(end, diagnosis)) {
        const fatal = await this.#fatalError(end, diagnosis);
        if (fatal !== null) return this.#begun.reject(fatal);
        await this.#fail(diagnosis, end);
        await this.#waitToRetry(diagnosis, end);
      }
      if (this.#isStopped) return;
      this.#restarts++;
    }
  }

  async #play(): Promise<PlaybackEnd> {
    const attempts = attemptsFor(this.#source, this.#settings, this.#system);
    const attempt = attempts[this.#attempt % attempts.length];
    const { log, ffmpeg } = this.#options;
    log.debug("Starting ffmpeg", { args: redact(attempt.args.join(" "), this.#source) });
    this.#splitter.reset();
    this.#playback = new Playback({
      program: ffmpeg,
      attempt,
      checksCodec: this.#source.kind === "file" || this.#source.kind === "url",
      system: this.#system,
      splitter: this.#splitter,
      onFrame: (jpeg) => this.#takeFrame(jpeg),
      onLine: (line) => log.debug(`ffmpeg: ${redact(line, this.#source)}`),
    });
    const end = await this.#playback.ended;
    return { ...end, lines: end.lines.map((line) => redact(line, this.#source)) };
  }

  #takeFrame(jpeg: Uint8Array<ArrayBuffer>): void {
    if (this.#isStopped) return;
    this.#frames++;
    if (!this.#state.live) {
      this.#options.log.info(`Live from ${this.#state.source}`);
      this.#setState({ live: true, reason: null });
      this.#begun.resolve();
    }
    this.#options.onFrame(insertHuffmanTables(jpeg));
  }

  #diagnose(end: PlaybackEnd): Diagnosis {
    if (!end.notFound) return diagnose(this.#source, end, this.#system);
    const { message } = ffmpegNotFound(this.#options.ffmpeg, this.#system);
    return { kind: "other", reason: message };
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
    const { length } = attemptsFor(this.#source, this.#settings, this.#system);
    return end.wrongWay || this.#attempt % length !== 0;
  }

  /** What ends the program instead of waiting for better times, in the time that `start` takes. */
  async #fatalError(end: PlaybackEnd, diagnosis: Diagnosis): Promise<UserError | null> {
    if (this.#restarts > 0 || end.hadFrames) return null;
    if (end.notFound) return new UserError(diagnosis.reason);
    if (diagnosis.kind !== "missing") return null;
    if (this.#source.kind !== "camera") return new UserError(diagnosis.reason);
    return noSuchCamera(this.#source.device, await this.#listCameras());
  }

  async #fail({ reason }: Diagnosis, end: PlaybackEnd): Promise<void> {
    const { log } = this.#options;
    const detail = { ffmpeg: end.lines.at(-1) ?? "" };
    if (reason === this.#state.reason) log.debug(reason, detail);
    else log.warn(reason, detail);
    await this.#standBy(reason);
    this.#begun.resolve();
  }

  /** Tells viewers what is waited for, when a source takes long to open. */
  async #tellWaiting(): Promise<void> {
    const { reason } = this.#state;
    await this.#pause(WAITING_MS);
    const isWaiting = !this.#isStopped && this.#state.reason === reason;
    if (isWaiting) await this.#standBy(`Waiting for pictures from ${this.#state.source}`);
  }

  /** Says why there are no pictures, and shows it. */
  async #standBy(reason: string): Promise<void> {
    if (!this.#state.live && this.#state.reason === reason) return;
    this.#setState({ live: false, reason });
    const { width, height, title, log, onFrame } = this.#options;
    try {
      const picture = await standbyPicture({ width, height, title, reason });
      if (this.#state.reason === reason && !this.#isStopped) onFrame(picture);
    } catch (error) {
      log.error("Cannot draw the standby picture", { error: messageOf(error) });
    }
  }

  async #waitToRetry({ kind }: Diagnosis, { hadFrames }: PlaybackEnd): Promise<void> {
    let isBack = true;
    do {
      await this.#pause(this.#backOff.next(kind, hadFrames));
      if (this.#isStopped) return;
      // A camera may come back by another number.
      if (kind === "missing" && this.#options.source === "auto") isBack = await this.#findAgain();
    } while (!isBack);
  }

  async #findAgain(): Promise<boolean> {
    const [first] = await this.#listCameras().catch(() => []);
    if (first !== undefined) this.#useSource(cameraSource(first));
    return first !== undefined;
  }

  /** Ends early when capture is stopped. */
  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }
}
