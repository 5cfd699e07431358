import { setTimeout as delay } from "node:timers/promises";
import { messageOf, UserError } from "../errors.ts";
import { insertHuffmanTables } from "../jpeg/dht.ts";
import type { Size } from "../jpeg/size.ts";
import type { Logger } from "../log.ts";
import { type Camera, listCameras } from "./devices.ts";
import { Feed } from "./feed.ts";
import { cameraSource, resolveSource } from "./resolve.ts";
import {
  currentSystem,
  parseSource,
  type PictureSettings,
  type Source,
  sourceArgument,
} from "./source.ts";
import { nameSource, titleSource } from "./source_name.ts";
import { standbyPicture } from "./standby.ts";
import type { Wording } from "./wording.ts";

/** Whether there are pictures, as anyone may know it. */
export interface CaptureState {
  /** Whether the source's own pictures flow. */
  readonly live: boolean;
  /** What kind of source it is: `network camera`. */
  readonly source: string;
  /** Why it is not live, and what to do; null while it is. */
  readonly reason: string | null;
}

/** The same of the source as the streamer may know it. */
export interface CaptureDetails {
  /** `Fake Webcam (/dev/video0)`, `rtsp://10.0.0.7`, `test picture`. */
  readonly source: string;
  readonly reason: string | null;
}

export interface CaptureOptions extends PictureSettings {
  /** `auto`, `test`, a camera, a file or a URL, as the streamer wrote it. */
  readonly source: string;
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

/** A source that can be chosen. */
export interface SourceChoice {
  /** For {@linkcode Capture.switchTo}. */
  readonly source: string;
  /** For the streamer: `Fake Webcam (/dev/video0)`, `test picture`. */
  readonly name: string;
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
  /** The source of the start, to come back to. */
  #first: Source | null = null;
  #switching: Promise<unknown> = Promise.resolve();
  #waiting: Promise<unknown> = Promise.resolve();
  #live = false;
  #source: Wording;
  #reason: Wording | null = OPENING;
  /** The files and addresses that were opened, which are known by their place in this list. */
  readonly #unnamed: string[] = [];
  #frames = 0;
  #failures = 0;
  /** Of the feeds before the present one. */
  #damaged = 0;
  #oversized = 0;
  #restarts = 0;

  constructor(options: CaptureOptions) {
    this.#options = options;
    const source = parseSource(options.source, this.#system);
    this.#source = titleSource(source === "auto" ? ANY_CAMERA : source);
  }

  get state(): CaptureState {
    return {
      live: this.#live,
      source: this.#source.forAnyone,
      reason: this.#reason?.forAnyone ?? null,
    };
  }

  /** Only for the streamer. */
  get details(): CaptureDetails {
    return { source: this.#source.forStreamer, reason: this.#reason?.forStreamer ?? null };
  }

  /**
   * The present source, as {@linkcode switchTo} takes it; empty before there is one. Tells no
   * address.
   */
  get source(): string {
    return this.#feed === null ? "" : this.#choiceOf(this.#feed.source);
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
    const text = this.#unnamed.find((_, i) => unnamedChoice(i) === choice) ?? choice;
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
    const choices = new Map<string, SourceChoice>();
    for (const used of [{ kind: "test" } as const, ...cameras, this.#first, this.#feed?.source]) {
      if (!used || choices.has(this.#choiceOf(used))) continue;
      const source = this.#choiceOf(used);
      choices.set(source, { source, name: titleSource(used).forStreamer });
    }
    return [...choices.values()];
  }

  /** Draws the standby picture anew, if it is shown, because frames have another size now. */
  async redrawCard(): Promise<void> {
    if (!this.#live && this.#reason !== null && this.#reason !== OPENING) {
      await this.#drawCard(this.#reason);
    }
  }

  /** Ends ffmpeg and waits until it is gone. No picture comes afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#candidate?.stop(), this.#feed?.stop()]);
    await Promise.all([this.#switching, this.#waiting]);
  }

  #choiceOf(source: Source): string {
    const argument = sourceArgument(source);
    if (source.kind === "test" || source.kind === "camera") return argument;
    const known = this.#unnamed.indexOf(argument);
    return unnamedChoice(known >= 0 ? known : this.#unnamed.push(argument) - 1);
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
    const { width, height, fps, ffmpeg, log } = this.#options;
    const feed: Feed = new Feed({
      ...{ width, height, fps, source, ffmpeg, log, system: this.#system },
      onFrame: (jpeg) => this.#takeFrame(feed, jpeg),
      onFailure: (reason, lastLine) => this.#takeFailure(feed, reason, lastLine),
      // A camera may come back by another number.
      findAgain: (missing) => text === "auto" ? this.#findFirst(feed) : Promise.resolve(missing),
    });
    return feed;
  }

  async #findFirst(feed: Feed): Promise<Source | null> {
    const [first] = await this.#listCameras().catch(() => []);
    if (first === undefined) return null;
    const source = cameraSource(first);
    if (feed === this.#feed) this.#setState({ source: titleSource(source) });
    return source;
  }

  async #switchNow(text: string): Promise<void> {
    const source = await this.#resolve(text);
    if (this.#isStopped) throw ending();
    if (this.#feed !== null && this.#choiceOf(source) === this.source) {
      return this.#feed.retryNow();
    }
    const feed = this.#newFeed(source, text);
    const old = this.#feed;
    this.#candidate = feed;
    const beginning = await feed.begin(SWITCH_MS).finally(() => this.#candidate = null);
    if (this.#isStopped) await feed.stop();
    else if (this.#feed !== feed) this.#show(feed);
    if (feed.frames === 0 && beginning === "waiting") await this.#standByFor(feed);
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
    this.#setState({ source: titleSource(feed.source) });
    this.#waiting = this.#tellWaiting(feed);
  }

  #setState(change: Partial<{ live: boolean; source: Wording; reason: Wording | null }>): void {
    const { live = this.#live, source = this.#source, reason = this.#reason } = change;
    const isSame = live === this.#live && isSameWording(source, this.#source) &&
      isSameWording(reason, this.#reason);
    if (isSame) return;
    this.#live = live;
    this.#source = source;
    this.#reason = reason;
    this.#options.onState(this.state);
  }

  #takeFrame(feed: Feed, jpeg: Uint8Array<ArrayBuffer>): void {
    if (this.#isStopped) return;
    if (feed === this.#candidate) {
      this.#candidate = null;
      this.#show(feed);
    }
    if (feed !== this.#feed) return;
    this.#frames++;
    if (feed.frames === 1 || !this.#live) {
      this.#options.log.info(`Live from ${this.#source.forStreamer}`);
      this.#setState({ live: true, reason: null });
    }
    this.#options.onFrame(insertHuffmanTables(jpeg));
  }

  async #takeFailure(feed: Feed, reason: Wording, lastLine: string): Promise<void> {
    // A candidate is tried once more, alone, before anyone is told.
    if (feed !== this.#feed) return;
    this.#failures++;
    const { log } = this.#options;
    const detail = { ffmpeg: lastLine };
    if (isSameWording(reason, this.#reason)) log.debug(reason.forStreamer, detail);
    else log.warn(reason.forStreamer, detail);
    await this.#standBy(reason);
  }

  /** Tells viewers what is waited for, when a source takes long to open. */
  async #tellWaiting(feed: Feed): Promise<void> {
    const reason = this.#reason;
    const { signal } = this.#stopping;
    await delay(WAITING_MS, undefined, { signal }).catch(() => {});
    const isWaiting = feed === this.#feed && feed.frames === 0 && this.#reason === reason;
    if (isWaiting && !this.#isStopped) await this.#standByFor(feed);
  }

  /** Says that a source gives no pictures yet. */
  async #standByFor({ source }: Feed): Promise<void> {
    const { forAnyone, forStreamer } = nameSource(source);
    const reason = {
      forAnyone: `Waiting for pictures from ${forAnyone}`,
      forStreamer: `Waiting for pictures from ${forStreamer}`,
    };
    this.#options.log.info(reason.forStreamer);
    await this.#standBy(reason);
  }

  /** Says why there are no pictures, and shows it. */
  async #standBy(reason: Wording): Promise<void> {
    if (this.#isStopped || (!this.#live && isSameWording(this.#reason, reason))) return;
    this.#setState({ live: false, reason });
    await this.#drawCard(reason);
  }

  async #drawCard(reason: Wording): Promise<void> {
    const { title, log, onFrame } = this.#options;
    const { width, height } = this.#options.cardSize?.() ?? this.#options;
    try {
      const picture = await standbyPicture({ width, height, title, reason: reason.forAnyone });
      if (this.#reason === reason && !this.#isStopped) onFrame(picture);
    } catch (error) {
      log.error("Cannot draw the standby picture", { error: messageOf(error) });
    }
  }
}

const OPENING: Wording = {
  forAnyone: "The source is being opened",
  forStreamer: "The source is being opened",
};

/** What `auto` stands for before it is looked for. */
const ANY_CAMERA: Source = { kind: "camera", device: "" };

/** What stands for a file or an address in the studio: neither a name nor a part of it. */
function unnamedChoice(index: number): string {
  return `source ${index + 1}`;
}

function isSameWording(one: Wording | null, other: Wording | null): boolean {
  return one?.forAnyone === other?.forAnyone && one?.forStreamer === other?.forStreamer;
}

function ending(): UserError {
  return new UserError("Cannot change the source: the program ends");
}
