import type { Ladder } from "./ladder.ts";
import type { Rate } from "./rate.ts";
import type { SocketStatistics } from "../../net/socket_statistics.ts";
import { Steering } from "./steering.ts";
import type { Trials } from "./trials.ts";
import type { Consumer } from "../../streams/hub.ts";
import type { Part } from "../../media/multipart.ts";
import { type Quality, Rendition, type Scale } from "../../media/rendition.ts";
import type { Delivery, Why } from "../../live_messages.ts";
import { Outlet } from "./outlet.ts";
import { qualityOf, type StreamSettings } from "./settings.ts";

/** What a viewer's quality depends on besides their own choice; changes as time goes on. */
export interface Conditions {
  /** Follows the streamer's motion; what viewers in Gaming mode get. */
  readonly gaming: Quality;
  /** Frames a second that the source gives. */
  readonly fps: number;
  readonly ladder: Ladder;
  readonly trials: Trials;
}

/** What a page tells of its stream. */
export interface PageReport {
  /** The newest frame on its screen. */
  readonly sequence: number;
  /** Milliseconds since it was painted. */
  readonly ago: number;
  /** The newest frame whose last byte had come by then, and how long ago it did. */
  readonly arrived?: { readonly sequence: number; readonly ago: number };
}

export interface ViewerOptions {
  /** The id in the viewer's cookie; `null` for clients without one. */
  readonly id: string | null;
  /** What the viewer's page calls this stream; `null` for those that report nothing of it. */
  readonly stream?: string | null;
  /** Whose seats they take, an address or a network; `null` leaves what is made for them without a bound. */
  readonly origin?: string | null;
  /** What the viewer watches with, for people: `Chrome on Android`. */
  readonly device?: string;
  /** Read at every frame, so that a change takes effect on the running stream. */
  readonly settings: () => StreamSettings;
  /** The largest size they want; read at every frame, as the source's size may change. Default: 1. */
  readonly scale?: () => Scale;
  readonly conditions: Conditions;
  /** Whether the kernel, where it can be asked at all, knows of the viewer's link. Default: true. */
  readonly asks?: boolean;
  /** Whether the connection may carry other answers at the same time, as by HTTP/2. Default: false. */
  readonly isShared?: boolean;
  /** The most frames a second they want; no limit by default. */
  readonly fps?: number;
  /** The most bits a second they want; no limit by default. */
  readonly bits?: number;
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number;
  /** Called before the connection of a viewer who takes nothing is cut. */
  readonly onCut?: () => void;
  /** Called once when the viewer is gone, whoever ended it. */
  readonly onEnd: (viewer: Viewer) => void;
}

/** Counts that only rise. */
export interface Totals {
  /** Frames that were sent, repeated ones too. */
  readonly frames: number;
  /** Bytes that were sent, with what frames the pictures. */
  readonly bytes: number;
  /** Frames that a newer one replaced before the link could take them. */
  readonly dropped: number;
  /** How often the link or the uplink changed the quality. */
  readonly changes: number;
}

/** One connection that watches: says what it wants of each frame, and sends what fits. */
export class Viewer implements Consumer {
  readonly id: string | null;
  readonly stream: string | null;
  readonly origin: string | null;
  /** Stands for this connection. */
  readonly connection = crypto.randomUUID();
  readonly device: string;
  /** Milliseconds since the Unix epoch. */
  readonly since = Date.now();
  readonly #options: ViewerOptions & Required<Pick<ViewerOptions, "now" | "fps" | "bits">>;
  readonly #steering: Steering;
  readonly #outlet: Outlet;
  #lastSequence = 0;
  /** When their frame rate allows the next frame. Milliseconds. */
  #nextDue: number;
  /** The viewer's share of the uplink. Bits a second. */
  #share = Infinity;

  constructor(options: ViewerOptions) {
    const { id, stream = null, device = "A program", conditions: { ladder, trials } } = options;
    const { asks = true, now = () => performance.now() } = options;
    const { fps = Infinity, bits = Infinity } = options;
    this.id = id;
    this.stream = stream;
    this.origin = options.origin ?? null;
    this.device = device;
    this.#options = { ...options, now, fps, bits };
    this.#nextDue = now();
    this.#steering = new Steering({
      ladder,
      trials,
      reports: stream !== null,
      asks: asks && Deno.build.os === "linux",
      at: now(),
    });
    this.#outlet = new Outlet({
      steering: this.#steering,
      allowance: () => this.#allowance(),
      now,
      onEnd: () => options.onEnd(this),
    });
  }

  /** The body of the viewer's response. */
  get body(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#outlet.body;
  }

  get followsMotion(): boolean {
    return this.#options.settings().mode === "gaming";
  }

  get rate(): Rate {
    return this.#outlet.rate;
  }

  /** How long nothing of what was sent has arrived. Milliseconds. */
  get stalledFor(): number {
    const now = this.#options.now();
    const stalledFor = this.#steering.stalledFor(now);
    // What arrives over a shared connection may be of another answer; only nothing is of all.
    return this.#options.isShared ? Math.max(stalledFor, this.#steering.stuckFor(now)) : stalledFor;
  }

  /** Bits a second that would be of use to this viewer. */
  get demand(): number {
    const allowance = this.#options.bits;
    return Math.min(allowance, this.#steering.demand({ ...this.#bounds(), allowance }));
  }

  /** What is given, and how it arrives. */
  get delivery(): Delivery {
    const { quality, scale } = this.#outlet.given ?? this.ceiling;
    const { frames, bits } = this.rate;
    const { delay, changes } = this.#steering;
    return {
      quality,
      scale,
      why: this.#why(),
      fps: Math.round(frames * 10) / 10,
      kbps: Math.round(bits / 1000),
      delay: delay === null ? null : Math.round(delay),
      dropped: this.#outlet.dropped,
      changes,
    };
  }

  /** What became of the frames for this viewer so far. */
  get totals(): Totals {
    const { sent, dropped } = this.#outlet;
    return { frames: sent, bytes: this.written, dropped, changes: this.#steering.changes };
  }

  /** Bytes written to the viewer so far. */
  get written(): number {
    return this.#steering.written;
  }

  /** How often the kernel has to be asked what has arrived. Milliseconds; `Infinity` for never. */
  get askEvery(): number {
    if (this.#options.asks === false) return Infinity;
    const { fps, conditions } = this.#options;
    const bits = conditions.ladder.under(this.ceiling)[0].bytes * 8;
    return this.#steering.askEvery(this.#options.now(), bits * Math.min(fps, conditions.fps));
  }

  /** What they would be given if neither their link nor their share were in the way. */
  get ceiling(): Rendition {
    const { mode, quality, filter } = this.#options.settings();
    return Rendition.of({
      quality: mode === "gaming" ? this.#options.conditions.gaming : qualityOf(quality),
      scale: this.#options.scale?.() ?? 1,
      filter,
    });
  }

  /** Whether they are given less than their ceiling. */
  get isLowered(): boolean {
    const { obstacle } = this.#steering;
    return obstacle === "link" || obstacle === "allowance";
  }

  /** Sets the viewer's share of the uplink, in bits a second. */
  set share(share: number) {
    this.#share = share;
  }

  wants(): Rendition | null {
    const now = this.#options.now();
    // A quarter of a frame early is in time: jitter must not cost every other frame.
    const early = 250 / this.#options.fps;
    return now < this.#nextDue - early ? null : this.#steering.decide(now, this.#bounds());
  }

  deliver(part: Part): void {
    const { sequence } = part.frame;
    if (sequence < this.#lastSequence) return;
    // A second part of the same frame is news only if it is what the viewer wants by now.
    if (sequence === this.#lastSequence && !this.#isWanted(part)) return;
    this.#lastSequence = sequence;
    const now = this.#options.now();
    const interval = 1000 / this.#options.fps;
    this.#nextDue = Math.max(this.#nextDue + interval, now + interval / 2);
    this.#outlet.put(part);
  }

  /** The page has painted a frame, so many milliseconds ago, and perhaps a newer one had come. */
  painted({ sequence, ago, arrived }: PageReport): void {
    const now = this.#options.now();
    if (arrived) this.#steering.came(arrived.sequence, now - arrived.ago, now);
    this.#steering.painted(sequence, now - ago);
    this.#outlet.flush();
  }

  /** The page can report no more, until it does again. */
  silent(): void {
    this.#steering.silent();
  }

  /** The kernel told this of the connection when so many bytes had been written, at that time. */
  told(socket: SocketStatistics, written: number, at: number): void {
    this.#steering.asked(socket, written, at);
    this.#outlet.flush();
  }

  /** Ends the viewer's response in order. */
  close(): void {
    this.#outlet.close();
  }

  /** Cuts the connection of a viewer who takes nothing. */
  abort(reason: string): void {
    this.#options.onCut?.();
    this.#outlet.abort(reason);
  }

  #why(): Why {
    const { obstacle } = this.#steering;
    if (obstacle === "link" || obstacle === "reader") return obstacle;
    // What they allow themselves, they chose.
    if (obstacle === "allowance") return this.#share < this.#options.bits ? "uplink" : "chosen";
    return this.followsMotion ? "motion" : "chosen";
  }

  #isWanted(part: Part): boolean {
    return part.rendition === this.#steering.decide(this.#options.now(), this.#bounds());
  }

  #bounds() {
    const { fps, conditions } = this.#options;
    const ceiling = this.ceiling;
    return { ceiling, fps: Math.min(fps, conditions.fps), allowance: this.#allowance() };
  }

  #allowance(): number {
    return Math.min(this.#share, this.#options.bits);
  }
}
