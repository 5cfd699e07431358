import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../errors.ts";
import { insertHuffmanTables } from "../media/jpeg/dht.ts";
import type { Size } from "../media/jpeg/size.ts";
import type { Logger } from "../log/log.ts";
import { type Camera, findCamera, listCameras } from "./ffmpeg/devices.ts";
import { Feed } from "./ffmpeg/feed.ts";
import { Interruptions, type SourceFailure } from "./interruptions.ts";
import { Lookout } from "./lookout.ts";
import { cameraSource, resolveSource } from "./ffmpeg/resolve.ts";
import { currentSystem, parseSource, type PictureSettings, type Source } from "./ffmpeg/source.ts";
import { type SourceChoice, SourceChoices } from "./source_choices.ts";
import { type CaptureDetails, type CaptureState, SourceStatus } from "./source_status.ts";

export interface CaptureOptions extends PictureSettings {
  /** `auto`, `test`, a camera, a file or a URL, as the streamer wrote it. */
  readonly source: string;
  /** Whether the streamer gave `fps`, rather than that it is the default. */
  readonly isFpsGiven: boolean;
  /** The ffmpeg program's path or name. */
  readonly ffmpeg: string;
  /** The stream's title, read anew for each standby picture that shows it. */
  readonly title: string;
  /** The size of standby pictures, read anew for each. Default: the size that is asked of the camera. */
  readonly cardSize?: () => Size;
  readonly log: Logger;
  /** Takes each picture: the source's own, and one standby picture for each new reason. */
  readonly onFrame: (jpeg: Uint8Array<ArrayBuffer>) => void;
  readonly onState: (state: CaptureState) => void;
  /** The source was opened again after an interruption too short to change the state. */
  readonly onResume?: () => void;
}

export interface CaptureStats {
  /** The source's own pictures so far. */
  readonly frames: number;
  /** Frames dropped as damaged. */
  readonly damaged: number;
  /** Frames dropped because they have too many pixels, or too many bytes for them. */
  readonly oversized: number;
  /** How often ffmpeg was started again. */
  readonly restarts: number;
  /** How often there were no pictures, whatever the reason. */
  readonly failures: number;
}

/** How long `start` waits to see whether the source exists. */
const START_MS = 2_000;
/** After that long without a first picture, viewers are told what is waited for. */
const WAITING_MS = 1_500;
/** So long the old source may go on while the new one opens; some cameras take 2 s. */
const SWITCH_MS = 3_000;

/** Keeps pictures coming from one source at a time, and says why where there are none. */
export class Capture {
  readonly #options: CaptureOptions;
  readonly #system = currentSystem();
  readonly #stopping = new AbortController();
  /** Whose pictures and failures are shown. */
  #feed: Feed | null = null;
  /** Shown instead as soon as it has a picture. */
  #candidate: Feed | null = null;
  readonly #interruptions: Interruptions;
  readonly #lookout: Lookout;
  /** The source of the start, to come back to. */
  #first: Source | null = null;
  #switching: Promise<unknown> = Promise.resolve();
  #waiting: Promise<unknown> = Promise.resolve();
  readonly #status: SourceStatus;
  readonly #choices = new SourceChoices();
  #frames = 0;
  #failures = 0;
  /** Of the feeds before the present one. */
  #damaged = 0;
  #oversized = 0;
  #restarts = 0;

  constructor(options: CaptureOptions) {
    this.#options = options;
    this.#interruptions = new Interruptions({
      log: options.log,
      onOutage: (failure) => this.#takeOutage(failure),
    });
    this.#lookout = new Lookout({
      find: async () => (await this.#listCameras().catch(() => [])).map(cameraSource),
      open: (camera, signal) => this.#tryCamera(camera, signal),
    });
    const source = parseSource(options.source, this.#system);
    this.#status = new SourceStatus(source === "auto" ? ANY_CAMERA : source, options);
  }

  get state(): CaptureState {
    return this.#status.state;
  }

  /** Only for the streamer. */
  get details(): CaptureDetails {
    return this.#status.details;
  }

  /**
   * The present source, as {@linkcode switchTo} takes it; empty before there is one. Tells no
   * address.
   */
  get source(): string {
    return this.#feed === null ? "" : this.#choices.idOf(this.#feed.source);
  }

  /** The current camera's device, such as `/dev/video0`; null for any other source. */
  get device(): string | null {
    const source = this.#feed?.source;
    return source?.kind === "camera" ? source.device : null;
  }

  get stats(): CaptureStats {
    return {
      frames: this.#frames,
      damaged: this.#damaged + (this.#feed?.damaged ?? 0),
      oversized: this.#oversized + (this.#feed?.oversized ?? 0),
      restarts: this.#restarts + (this.#feed?.restarts ?? 0),
      failures: this.#failures,
    };
  }

  /** Whether the source's own JPEGs are passed on; else ffmpeg encodes them. */
  get copies(): boolean {
    return this.#feed?.copies ?? false;
  }

  /** Why ffmpeg could not be started when it was last tried; `null` when it could. */
  get startFailure(): string | null {
    return this.#feed?.startFailure ?? null;
  }

  /**
   * Opens the source. Pictures come as soon as there are any; it settles with the first of them,
   * with the first failure, or after 2 s.
   *
   * @throws {UserError} The file or camera does not exist, or ffmpeg is not installed. Whatever
   * else is wrong is told by state and standby picture, and tried again.
   */
  async start(): Promise<void> {
    const { source } = this.#options;
    this.#first = await this.#resolve(source);
    const feed = this.#newFeed(this.#first, source);
    this.#show(feed);
    this.#lookOut();
    try {
      await feed.begin(START_MS);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Changes the source. The old one is shown until the new one gives its first picture, for 3 s
   * at most; then a standby picture says what is waited for. What fails for another reason than
   * that it does not exist is told so too, and tried again, as at the start.
   *
   * @param choice As {@linkcode sources} lists it, or as for `--source`.
   * @throws {UserError} There is no such source: the old one goes on. Or the program ends.
   */
  switchTo(choice: string): Promise<void> {
    const text = this.#choices.textOf(choice);
    const switched = this.#switching.then(() => this.#switchNow(text));
    this.#switching = switched.catch(() => {});
    return switched;
  }

  /**
   * Lists what {@linkcode switchTo} could be given: the test picture, the cameras that are found,
   * and the sources of the start and of now, where they are none of these.
   *
   * @throws {UserError} ffmpeg cannot be started.
   */
  async sources(): Promise<SourceChoice[]> {
    const cameras = (await this.#listCameras()).map(cameraSource);
    const used = [this.#first, this.#feed?.source].filter((source) => !!source);
    return this.#choices.list([{ kind: "test" }, ...cameras, ...used]);
  }

  /** Draws the standby picture anew, if it is shown, because frames have another size now. */
  async redrawCard(): Promise<void> {
    await this.#status.redrawCard();
  }

  /** Ends ffmpeg and waits until it is gone. No picture comes afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#interruptions.reset();
    this.#status.close();
    await this.#lookout.stop();
    await Promise.all([this.#candidate?.stop(), this.#feed?.stop()]);
    await Promise.all([this.#switching, this.#waiting]);
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #listCameras(): Promise<Camera[]> {
    return listCameras(this.#options.ffmpeg, this.#system);
  }

  #resolve(text: string): Promise<Source> {
    const listCameras = () => this.#listCameras();
    return resolveSource(text, { system: this.#system, listCameras, log: this.#options.log });
  }

  #newFeed(source: Source, text: string): Feed {
    const { width, height, fps, isFpsGiven, ffmpeg, log } = this.#options;
    const feed: Feed = new Feed({
      ...{ width, height, fps, isFpsGiven, source, ffmpeg, log, system: this.#system },
      onFrame: (jpeg) => this.#takeFrame(feed, jpeg),
      onFailure: (reason, lastLine) => this.#takeFailure(feed, { reason, lastLine }),
      findAgain: (missing) => this.#findAgain(feed, text, missing),
    });
    return feed;
  }

  /** Looks for a missing source: a camera that was not named by its device may have another now. */
  async #findAgain(feed: Feed, text: string, missing: Source): Promise<Source | null> {
    const isByDevice = missing.kind !== "camera" || missing.device === text || /^\d+$/.test(text);
    if (isByDevice) return missing;
    const cameras = await this.#listCameras().catch(() => []);
    const camera = text === "auto" ? cameras[0] : findCamera(cameras, text);
    if (!camera) return null;
    const source = cameraSource(camera);
    if (feed === this.#feed) this.#status.setSource(source);
    return source;
  }

  async #switchNow(text: string): Promise<void> {
    await this.#lookout.stop();
    try {
      await this.#open(text);
    } finally {
      this.#lookOut();
    }
  }

  /** Looks for a camera while the test picture stands in for one. */
  #lookOut(): void {
    const source = this.#feed?.source;
    if (!this.#isStopped && source?.kind === "test" && source.isStandIn) this.#lookout.start();
  }

  /** Shows a camera if it gives pictures; returns whether it does. */
  async #tryCamera(camera: Source, signal: AbortSignal): Promise<boolean> {
    const old = this.#feed;
    const feed = this.#newFeed(camera, "auto");
    const stop = () => feed.stop();
    signal.addEventListener("abort", stop);
    this.#candidate = feed;
    await feed.begin(SWITCH_MS).catch(() => {});
    signal.removeEventListener("abort", stop);
    if (this.#candidate === feed) this.#candidate = null;
    const isShown = this.#feed === feed;
    await (isShown ? old : feed)?.stop();
    return isShown;
  }

  async #open(text: string): Promise<void> {
    const source = await this.#resolve(text);
    if (this.#isStopped) throw ending();
    if (this.#feed !== null && this.#choices.idOf(source) === this.source) {
      return this.#feed.retryNow();
    }
    const feed = this.#newFeed(source, text);
    const old = this.#feed;
    this.#candidate = feed;
    const beginning = await feed.begin(SWITCH_MS).finally(() => this.#candidate = null);
    if (this.#isStopped) await feed.stop();
    else if (this.#feed !== feed) this.#show(feed);
    if (feed.frames === 0 && beginning === "waiting") await this.#status.waitFor(source);
    await old?.stop();
    if (this.#isStopped) throw ending();
    // It may have failed because of the old one: two cameras can be too much for one USB hub.
    if (beginning === "failed") feed.retryNow();
  }

  /** Shows this feed from now on, and no other. */
  #show(feed: Feed): void {
    this.#damaged += this.#feed?.damaged ?? 0;
    this.#oversized += this.#feed?.oversized ?? 0;
    this.#restarts += this.#feed?.restarts ?? 0;
    this.#feed = feed;
    this.#interruptions.reset();
    this.#status.setSource(feed.source);
    this.#waiting = this.#tellWaiting(feed);
  }

  #takeFrame(feed: Feed, jpeg: Uint8Array<ArrayBuffer>): void {
    if (this.#isStopped) return;
    if (feed === this.#candidate) {
      this.#candidate = null;
      this.#show(feed);
    }
    if (feed !== this.#feed) return;
    this.#frames++;
    if (this.#interruptions.recovered()) this.#options.onResume?.();
    if (feed.frames === 1 || !this.#status.isLive) this.#status.setLive();
    this.#options.onFrame(insertHuffmanTables(jpeg));
  }

  async #takeFailure(feed: Feed, failure: SourceFailure): Promise<void> {
    // A candidate is tried once more, alone, before anyone is told.
    if (feed !== this.#feed || this.#isStopped) return;
    this.#failures++;
    await this.#interruptions.failed(failure);
  }

  async #takeOutage({ reason, lastLine }: SourceFailure): Promise<void> {
    const { log } = this.#options;
    const detail = { ffmpeg: lastLine };
    if (this.#status.isReason(reason)) log.debug(reason.forStreamer, detail);
    else log.warn(reason.forStreamer, detail);
    await this.#status.standBy(reason);
  }

  /** Tells viewers what is waited for, when a source takes long to open. */
  async #tellWaiting(feed: Feed): Promise<void> {
    const { reason } = this.details;
    const { signal } = this.#stopping;
    await delay(WAITING_MS, undefined, { signal }).catch(() => {});
    const isWaiting = feed === this.#feed && feed.frames === 0 && this.details.reason === reason;
    if (isWaiting && !this.#isStopped) await this.#status.waitFor(feed.source);
  }
}

/** What `auto` stands for before it is looked for. */
const ANY_CAMERA: Source = { kind: "camera", device: "" };

function ending(): UserError {
  return new UserError("Cannot change the source: the program ends");
}
