import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/log.ts";
import type { AacConsumer, AacPacket, AacTrack } from "../../streams/aac.ts";
import type { PictureFormat, RecordedPicture } from "../passages/passage.ts";
import type { PictureFeed, PictureListener } from "../passages/picture_feed.ts";
import { Interleaver } from "./interleaver.ts";
import { PublishProgress } from "./progress.ts";
import type { Publication, PublicationStatus } from "./publication.ts";
import type { PublishRun } from "./run.ts";
import { PublishTimes } from "./times.ts";

/** The rate is that of so long. Milliseconds. */
const RATE_MS = 2_000;

/** What one run does, see {@linkcode PublishRun}. */
export type Run = Pick<PublishRun, "ended" | "isLive" | "taken" | "push" | "tick" | "end">;

/** What a publisher is built with. */
export interface PublisherOptions {
  /** What the target is, without anything secret. */
  readonly name: string;
  /** Makes what gives the pictures, as H.264. */
  readonly feed: (listener: PictureListener) => PictureFeed;
  /** The sound. */
  readonly sound: AacTrack;
  /** Connects to the target, to publish pictures with this `avcC`. */
  readonly run: (record: Uint8Array<ArrayBuffer>) => Run;
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

interface Picture extends RecordedPicture {
  readonly format: PictureFormat;
}

/** A run, and what it publishes. */
interface Current {
  readonly run: Run;
  readonly format: PictureFormat;
  readonly times: PublishTimes;
}

/** Publishes the program to one server by an ffmpeg, and tries again when that ends. */
export class Publisher implements Publication, PictureListener, AacConsumer {
  readonly name: string;
  readonly #options: PublisherOptions;
  readonly #feed: PictureFeed;
  readonly #progress: PublishProgress;
  #interleaver = this.#newInterleaver();
  #current: Current | null = null;
  /** The runs that are to end: a server takes one at a time. */
  readonly #ending = new Set<Run>();
  #rate = { kbps: 0, taken: 0, at: 0 };

  /** Publishes nothing yet. */
  constructor(options: PublisherOptions) {
    this.#options = options;
    this.name = options.name;
    this.#feed = options.feed(this);
    this.#progress = new PublishProgress(options);
  }

  get status(): PublicationStatus {
    return this.#progress.status(this.#feed.problem, this.#rate.kbps);
  }

  start(): void {
    if (this.#progress.state === "off") this.#connect();
  }

  stop(): void {
    if (this.#progress.state === "off") return;
    this.#leave();
    this.#progress.stop();
  }

  tick(): void {
    if (this.#progress.isDue) this.#connect();
    this.#feed.tick();
    this.#interleaver.tick();
    const run = this.#current?.run;
    run?.tick();
    if (run?.isLive && this.#progress.state === "connecting") this.#progress.works();
    if (run) this.#measure(run.taken);
  }

  picture(picture: RecordedPicture, format: PictureFormat): void {
    this.#interleaver.picture({ ...picture, format });
  }

  gap(): void {
    // A key comes next, which every server and player can go on with.
  }

  deliver(packet: AacPacket): void {
    this.#interleaver.sound(packet);
  }

  /** Ends for good; settles when its ffmpeg is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await Promise.all([...this.#ending].map(({ ended }) => ended));
  }

  #newInterleaver(): Interleaver<Picture, AacPacket> {
    return new Interleaver(
      (item) => "format" in item ? this.#publishPicture(item) : this.#publishSound(item),
      () => this.#options.clock.monotonic(),
    );
  }

  #connect(): void {
    this.#progress.connect();
    this.#feed.start();
    this.#options.sound.join(this);
  }

  /** Takes nothing any more, so that encoders need not run for it. */
  #leave(): void {
    this.#feed.stop();
    this.#options.sound.leave(this);
    // A key that still waits there would begin another run.
    this.#interleaver = this.#newInterleaver();
    this.#end();
  }

  #failed(reason: string): void {
    this.#current = null;
    this.#leave();
    this.#progress.failed(reason);
  }

  #publishPicture({ at, isKey, data, format }: Picture): void {
    const { format: before, times: timesBefore } = this.#current ?? {};
    const canFollow = format === before && timesBefore?.canFollow(at);
    if (!canFollow) {
      this.#end();
      if (!isKey || !("record" in format) || this.#ending.size > 0) return;
      this.#current = this.#begin(format, format.record, at);
    }
    const { run, times } = this.#current!;
    run.push({ kind: "sample", timestamp: times.picture(at), isKey, data });
  }

  #publishSound({ at, data }: AacPacket): void {
    if (!this.#current) return;
    const { run, times } = this.#current;
    const timestamp = times.sound(at);
    if (timestamp !== null) run.push({ kind: "sound sample", timestamp, data });
  }

  #begin(format: PictureFormat, record: Uint8Array<ArrayBuffer>, at: number): Current {
    const run = this.#options.run(record);
    run.ended.then((reason) => {
      if (!this.#ending.delete(run)) this.#failed(reason);
    });
    return { run, format, times: new PublishTimes(at) };
  }

  /** Ends the run. The next one begins with the first key after its end. */
  #end(): void {
    const run = this.#current?.run;
    this.#current = null;
    if (!run) return;
    this.#ending.add(run);
    run.end();
  }

  #measure(taken: number): void {
    const now = this.#options.clock.monotonic();
    const elapsed = now - this.#rate.at;
    if (elapsed < RATE_MS) return;
    const bytes = Math.max(0, taken - this.#rate.taken);
    this.#rate = { kbps: Math.round(bytes * 8 / elapsed), taken, at: now };
  }
}
