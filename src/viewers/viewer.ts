import { lowerOf } from "../bandwidth/controller.ts";
import { type Rate, RateMeter } from "../bandwidth/rate.ts";
import type { Consumer } from "../broadcast/hub.ts";
import { Mailbox } from "../broadcast/mailbox.ts";
import { OPENING, type Part } from "../broadcast/multipart.ts";
import { type Quality, type Rendition, renditionKey, SOURCE } from "../frame.ts";
import { QUALITY_OF, type Settings } from "./settings.ts";

/** What a viewer's quality depends on besides their own choice; changes as time goes on. */
export interface Conditions {
  /** Follows the streamer's motion; what viewers in Gaming mode get. */
  readonly gaming: Quality;
  /** The best that the shared uplink allows each viewer. */
  readonly share: Quality;
}

/** The quality that settings ask for, which the share of the uplink may lower. */
export function askedQuality({ mode, quality }: Settings, { gaming }: Conditions): Quality {
  return mode === "gaming" ? gaming : QUALITY_OF[quality];
}

export interface ViewerOptions {
  /** The id in the viewer's cookie; `null` for clients without one. */
  readonly id: string | null;
  /** Read at every frame, so that a change takes effect on the running stream. */
  readonly settings: () => Settings;
  readonly conditions: Conditions;
  /** The most frames a second they want; no limit by default. */
  readonly fps?: number;
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number;
  /** Called once when the viewer is gone, whoever ended it. */
  readonly onEnd: (viewer: Viewer) => void;
}

/** One connection that watches: says what it wants of each frame, and holds the newest for it. */
export class Viewer implements Consumer {
  /** The body of the viewer's response. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly id: string | null;
  readonly #options: Required<ViewerOptions>;
  readonly #mailbox = new Mailbox<Part>();
  readonly #meter = new RateMeter();
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  #lastSequence = 0;
  /** When their frame rate allows the next frame. Milliseconds. */
  #nextDue: number;
  #given: Quality | null = null;
  /** When the viewer last took something, or had nothing to take. Milliseconds. */
  #readAt: number;
  #ended = false;

  constructor(options: ViewerOptions) {
    this.#options = { fps: Infinity, now: () => performance.now(), ...options };
    this.id = options.id;
    this.#readAt = this.#nextDue = this.#options.now();
    this.body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
        controller.enqueue(OPENING);
      },
      pull: async (controller) => {
        const part = await this.#mailbox.take();
        if (!part) return;
        this.#readAt = this.#options.now();
        this.#given = part.rendition.quality;
        this.#meter.count(part.bytes.length, this.#readAt);
        controller.enqueue(part.bytes);
      },
      cancel: () => this.#end(),
    }, { highWaterMark: 0 });
  }

  get followsMotion(): boolean {
    return this.#options.settings().mode === "gaming";
  }

  /** What was last sent; `null` before the first frame. */
  get given(): Quality | null {
    return this.#given;
  }

  get rate(): Rate {
    return this.#meter.rate(this.#options.now());
  }

  /** Frames that a newer one replaced before the viewer could take them. */
  get dropped(): number {
    return this.#mailbox.dropped;
  }

  /** How long a frame has been waiting for the viewer to read anything. Milliseconds. */
  get stalledFor(): number {
    return this.#mailbox.full ? this.#options.now() - this.#readAt : 0;
  }

  wants(): Rendition | null {
    // A quarter of a frame early is in time: jitter must not cost every other frame.
    const early = 250 / this.#options.fps;
    return this.#options.now() < this.#nextDue - early ? null : this.#rendition();
  }

  deliver(part: Part): void {
    const { sequence } = part.frame;
    if (sequence < this.#lastSequence) return;
    // A second part of the same frame is news only if it is what the viewer wants by now.
    if (sequence === this.#lastSequence && renditionKey(part.rendition) !== this.#key()) return;
    this.#lastSequence = sequence;
    const now = this.#options.now();
    const interval = 1000 / this.#options.fps;
    this.#nextDue = Math.max(this.#nextDue + interval, now + interval / 2);
    if (!this.#mailbox.full) this.#readAt = now;
    this.#mailbox.put(part);
  }

  /** Ends the viewer's response in order. */
  close(): void {
    if (this.#ended) return;
    this.#end();
    this.#controller.close();
  }

  /** Cuts the connection of a viewer who takes nothing. */
  abort(reason: string): void {
    if (this.#ended) return;
    this.#end();
    this.#controller.error(new Error(reason));
  }

  #key(): string {
    return renditionKey(this.#rendition());
  }

  #rendition(): Rendition {
    const settings = this.#options.settings();
    const { conditions } = this.#options;
    const quality = lowerOf(askedQuality(settings, conditions), conditions.share);
    return { ...SOURCE, quality, filter: settings.filter };
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#mailbox.close();
    this.#options.onEnd(this);
  }
}
